import { z } from 'zod'
import { Flag, Reason } from './reason.ts'

const Number = z.number()

export const Interval = z.strictObject({ lower: Number, upper: Number })
export type Interval = z.infer<typeof Interval>

/** Cells that could have counted and did not. A cell that the reference leaves open is counted there, whatever the rater said. */
export const MissingCells = z.strictObject({
  raterNotAssessable: z.int().nonnegative(),
  raterNotGraded: z.int().nonnegative(),
  referenceNotAssessable: z.int().nonnegative(),
  referenceNotGraded: z.int().nonnegative(),
})
export type MissingCells = z.infer<typeof MissingCells>

/**
 * The result contract: no number leaves without its method, unit, n and interval; NaN never leaves; what is not defined
 * is null with a reason.
 */
export const Result = z.strictObject({
  estimate: Number.nullable(),
  /** 0 is a variance that vanished (flag `degenerate_variance`): then there is no interval. */
  se: Number.nullable(),
  ci: Interval.nullable(),
  /** Confidence level of `ci`, such as .95. */
  level: Number.gt(0).lt(1),
  /** Estimator and interval, such as `sensitivity/linearised-t`; listed in docs/methods.md. */
  method: z.string().min(1),
  /** What `n` counts. */
  unit: z.enum(['joint', 'patient', 'reading']),
  n: z.int().nonnegative(),
  /** Patients, the sampling unit, among the units counted. */
  clusters: z.int().nonnegative(),
  nMissing: z.int().nonnegative(),
  missing: MissingCells,
  /** Degrees of freedom of the interval: patients less one, or Hillis'. Null where the reference is normal. */
  df: Number.nullable(),
  /** Whom the interval speaks for: these readers, or readers like these. */
  target: z.enum(['fixed_readers', 'random_readers']),
  p: Number.min(0).max(1).nullable(),
  pAdjusted: Number.min(0).max(1).nullable(),
  family: z.string().nullable(),
  flags: z.array(Flag),
  /** Why `estimate` is null or, where it stands, why `ci` is; null when both are there. */
  reason: Reason.nullable(),
  /** One-sided bound where every patient is right, or every one wrong, and no interval exists. */
  bound: z.strictObject({ side: z.enum(['lower', 'upper']), value: Number, method: z.string() }).nullable(),
  seed: z.int().nullable(),
  /** Of a bootstrap: how many draws, and on how many of them the metric was not defined. */
  bootstrap: z
    .strictObject({ replicates: z.int().positive(), undefined: z.int().nonnegative() })
    .nullable()
    .default(null),
})
export type Result = z.infer<typeof Result>
