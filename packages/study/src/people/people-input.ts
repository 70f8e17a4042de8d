import { ReaderGroup } from '@facetgrade/grading/role'
import { z } from 'zod'

export const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase())
export const PersonName = z.string().trim().min(1).max(120)
export const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** Why something was done, in a person's words; kept in the audit trail. */
export const Why = z.string().trim().min(3).max(500)
export const MemberRole = z.enum(['investigator', 'coordinator', 'reader', 'statistician', 'modeller', 'monitor'])
export const StudyPlace = { role: MemberRole, readerGroup: ReaderGroup.nullable().default(null) }
export const Page = { after: z.string().max(100).optional(), take: z.int().min(1).max(200).default(50) }

/** What a person shows again before they sign or change how they sign in. */
export const Proof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('pin'), pin: z.string().regex(/^\d{6,12}$/) }),
  z.strictObject({ method: z.literal('totp'), code: z.string().regex(/^\d{6}$/) }),
  z.strictObject({ method: z.literal('passkey'), challengeId: Secret, response: z.unknown() }),
])
/** The PIN alone is quick, not strong: it signs readings, it changes nothing about signing in. */
export const StrongProof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('totp'), code: z.string().regex(/^\d{6}$/) }),
  z.strictObject({ method: z.literal('passkey'), challengeId: Secret, response: z.unknown() }),
])
