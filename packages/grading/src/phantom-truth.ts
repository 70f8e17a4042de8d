import { z } from 'zod'
import { Feature } from './feature.ts'
import { Level, Side } from './joint.ts'

/**
 * The grade that was built into one feature of one phantom joint, and whether a modality's images show it. Severity is
 * derived from these by the protocol's rule. Synthetic phantoms; says nothing about patients.
 */
export const PhantomTruth = z.strictObject({
  level: Level,
  side: Side,
  feature: Feature,
  grade: z.int().min(0).max(4),
  visible: z.boolean(),
  /** Contrast-to-noise ratio of the sign, unitless; null where there is no sign to measure. */
  cnr: z.number().nullable(),
})
export type PhantomTruth = z.infer<typeof PhantomTruth>
