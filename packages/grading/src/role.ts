import { z } from 'zod'

/** Roles of people, and `system`: no person, it computes consensus and reference and writes what nobody may write by hand. */
export const ROLES = [
  'administrator',
  'investigator',
  'coordinator',
  'reader',
  'statistician',
  'modeller',
  'monitor',
  'system',
] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** Name of a reader group in the protocol; the shipped one has `junior` and `senior`. */
export const ReaderGroup = z.string().regex(/^[a-z][a-z0-9-]{0,23}$/)
export type ReaderGroup = z.infer<typeof ReaderGroup>

/** A reader in every export: the group's letters and a number (`J1`, `S2`), never an account name. */
export const ReaderCode = z.string().regex(/^[A-Z]{1,3}[1-9][0-9]?$/)
export type ReaderCode = z.infer<typeof ReaderCode>
