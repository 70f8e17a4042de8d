import { z } from 'zod'
import { Hash } from './hash.ts'
import { Part } from './part.ts'
import { PatientCode } from './patient-code.ts'

/** Seed of a draw: 32 random bytes in hexadecimal, drawn once by the server. */
export const Seed = z.string().regex(/^[0-9a-f]{64}$/)
export type Seed = z.infer<typeof Seed>

/** Where one patient went. `stratum` is the label of the patient's stratum, such as `site=A · sex=F · age=50-64`. */
export const Allocation = z.strictObject({ patientCode: PatientCode, part: Part, stratum: z.string() })
export type Allocation = z.infer<typeof Allocation>

export const PartCounts = z.strictObject({
  train: z.int().nonnegative(),
  validation: z.int().nonnegative(),
  test: z.int().nonnegative(),
})
export type PartCounts = z.infer<typeof PartCounts>

/** The sealed split, without who and when, which the store adds. Its hash is SHA-256 of the canonical JSON. */
export const SplitSeal = z.strictObject({
  algorithmVersion: z.string(),
  seed: Seed,
  protocolVersion: z.int().positive(),
  ratios: z.strictObject({
    train: z.int().nonnegative(),
    validation: z.int().nonnegative(),
    test: z.int().nonnegative(),
  }),
  rosterHash: Hash,
  counts: PartCounts,
  strata: z.array(z.strictObject({ stratum: z.string(), counts: PartCounts })),
  allocations: z.array(Allocation),
})
export type SplitSeal = z.infer<typeof SplitSeal>
