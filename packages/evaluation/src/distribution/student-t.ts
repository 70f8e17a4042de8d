import betainc from '@stdlib/math-base-special-betainc'
import quantile from '@stdlib/stats-base-dists-t-quantile'
import { normalQuantile, normalTwoSided, normalUpper } from './normal.ts'

/**
 * P(T > t), fractional degrees of freedom, by the incomplete beta function so that far tails keep their digits.
 *
 * @param df  > 0; Infinity is the normal limit
 * @throws {RangeError} df not above 0
 * @see Abramowitz & Stegun 26.7.1. Oracle: R pt(lower.tail = FALSE).
 */
export function studentUpper(t: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`studentUpper: df ${df}`)
  if (df === Infinity) return normalUpper(t)
  const tail = halfTwoSided(Math.abs(t), df)
  return t >= 0 ? tail : 1 - tail
}

/** Two-sided p of t. Throws as `studentUpper`. */
export function studentTwoSided(t: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`studentTwoSided: df ${df}`)
  return df === Infinity ? normalTwoSided(t) : Math.min(1, 2 * halfTwoSided(Math.abs(t), df))
}

/**
 * Quantile of Student's t. Oracle: R qt.
 *
 * @throws {RangeError} probability outside (0, 1), df not above 0
 */
export function studentQuantile(probability: number, df: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`studentQuantile: probability ${probability}`)
  if (!(df > 0)) throw new RangeError(`studentQuantile: df ${df}`)
  return df > 1e10 ? normalQuantile(probability) : quantile(probability, df)
}

/** P(T > t) for t >= 0. x = df / (df + t^2) is formed from the smaller of the two shares to keep both ends. */
function halfTwoSided(t: number, df: number): number {
  const squared = t * t
  if (squared > df) return betainc(df / (df + squared), df / 2, 0.5, true, false) / 2
  return betainc(squared / (df + squared), 0.5, df / 2, true, true) / 2
}
