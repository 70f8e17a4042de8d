import { studentQuantile } from './distribution/student-t.ts'
import type { Flag, Reason } from './reason.ts'
import type { Interval } from './result.ts'

/** An estimate with its uncertainty, before it is dressed as a Result. Never NaN: null with a reason. */
export type Inference = {
  readonly estimate: number | null
  readonly se: number | null
  readonly ci: Interval | null
  /** Null: normal reference. */
  readonly df: number | null
  readonly n: number
  readonly clusters: number
  readonly flags: readonly Flag[]
  readonly reason: Reason | null
}

/** Patients below which an interval is flagged: percentile and Wald intervals are known to be short there. */
const FEW_CLUSTERS = 20
/** Variances of rates and coefficients below this are what rounding makes of an exact 0: patients would be 10^15. */
const VANISHED = 1e-16

export function undefinedEstimate(reason: Reason, counted: { n: number; clusters: number }): Inference {
  const flags: Flag[] = reason === 'zero_denominator' ? ['zero_denominator'] : []
  return { estimate: null, se: null, ci: null, df: null, flags, reason, ...counted }
}

export type WaldInput = {
  readonly estimate: number
  /** Null: one patient, not defined. */
  readonly variance: number | null
  readonly n: number
  readonly clusters: number
  readonly level: number
  /** Values that the estimand can take; an interval beyond them is flagged, never clipped. */
  readonly range: readonly [number, number]
  readonly scale?: 'identity' | 'logit'
}

/**
 * estimate ± t(K-1) sqrt(variance); with `scale: 'logit'` for proportions expit(logit p ± t(K-1) se / (p(1-p))).
 *
 * @throws {RangeError} level outside (0, 1), an estimate or variance that is not finite
 * @see methods 2.3. Oracle: survey 4.1-1, confint(df = degf), svyciprop(method = "logit")
 */
export function waldT(input: WaldInput): Inference {
  const { estimate, n, clusters, level } = input
  const variance = beyondRounding(input.variance, estimate)
  if (!(level > 0 && level < 1)) throw new RangeError(`waldT: level ${level}`)
  // Outcomes that are no numbers end here at the latest: NaN never leaves.
  if (!Number.isFinite(estimate) || !Number.isFinite(variance ?? 0)) throw new RangeError('waldT: input is not finite')
  const base = { estimate, n, clusters }
  const few: Flag[] = clusters < FEW_CLUSTERS ? ['few_clusters'] : []
  if (variance === null) return { ...base, se: null, ci: null, df: null, flags: few, reason: 'one_patient' }
  if (variance < 0) {
    return {
      ...base,
      se: null,
      ci: null,
      df: clusters - 1,
      flags: [...few, 'negative_variance'],
      reason: 'negative_variance',
    }
  }
  const se = Math.sqrt(variance)
  const df = clusters - 1
  if (se === 0) return { ...base, se, ci: null, df, flags: [...few, 'degenerate_variance'], reason: 'zero_variance' }
  const ci = interval(estimate, studentQuantile((1 + level) / 2, df) * se, input.scale ?? 'identity')
  const outside = ci.lower < input.range[0] || ci.upper > input.range[1]
  return { ...base, se, ci, df, flags: outside ? [...few, 'wald_out_of_range'] : few, reason: null }
}

/**
 * A variance that arithmetic on doubles could have made of an exact 0, on either side of it, is 0: a rater who gives one
 * grade throughout has a kappa of 0 whatever the patients, and an interval of rounding errors would say otherwise.
 */
export const beyondRounding = <V extends number | null>(variance: V, estimate: number): V | 0 =>
  variance !== null && Math.abs(variance) <= VANISHED * Math.max(1, estimate ** 2) ? 0 : variance

function interval(estimate: number, half: number, scale: 'identity' | 'logit'): Interval {
  if (scale === 'identity' || estimate <= 0 || estimate >= 1) return { lower: estimate - half, upper: estimate + half }
  const logit = Math.log(estimate / (1 - estimate))
  const wide = half / (estimate * (1 - estimate))
  return { lower: 1 / (1 + Math.exp(wide - logit)), upper: 1 / (1 + Math.exp(-wide - logit)) }
}
