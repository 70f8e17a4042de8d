import { z } from 'zod'

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Count = z.int().nonnegative()

const BundleFile = z.strictObject({ name: z.string().min(1), bytes: Count, sha256: Hash })
export type BundleFile = z.infer<typeof BundleFile>

const BundleTable = z.strictObject({
  name: z.string().min(1),
  rows: Count,
  key: z.array(z.string()),
  columns: z.array(z.string()),
})
export type BundleTable = z.infer<typeof BundleTable>

/**
 * What a bundle is: made of its content alone, so that the same data give the same manifest. Who asked for it and when
 * stands in the trail.
 */
export const BundleManifest = z.strictObject({
  format: z.literal('facetgrade-bundle/1'),
  study: z.strictObject({ code: z.string(), title: z.string(), kind: z.enum(['real', 'demo', 'synthetic']) }),
  /** The kind in words: of phantoms it says that it says nothing about patients. */
  about: z.string(),
  isBlinded: z.boolean(),
  parts: z.array(z.enum(['train', 'validation', 'test'])),
  /** Patients whose rows are in the tables. */
  patients: Count,
  /** The latest instant in the data. */
  asOf: z.iso.datetime({ precision: 3 }),
  software: z.strictObject({ name: z.string(), version: z.string() }),
  protocol: z.strictObject({ version: z.int().positive(), hash: Hash }),
  /** Hash of the sealed split; null: not sealed. */
  splitSeal: Hash.nullable(),
  /** How often the test part was opened. */
  unsealings: Count,
  plan: z.strictObject({ version: z.int().positive(), hash: Hash }).nullable(),
  evaluation: z
    .strictObject({
      inputHash: Hash,
      resultHash: Hash,
      referenceVersion: z.int().positive(),
      unsealing: z.int().positive(),
      /** What it was computed from was changed since: analysis.R will differ from it. */
      isStale: z.boolean(),
      rows: Count,
    })
    .nullable(),
  tables: z.array(BundleTable),
  /** Every file of the bundle but manifest.json itself. */
  files: z.array(BundleFile),
})
export type BundleManifest = z.infer<typeof BundleManifest>
