import betainc from '@stdlib/math-base-special-betainc'
import quantile from '@stdlib/stats-base-dists-f-quantile'
import { chiSquaredQuantile, chiSquaredUpper } from './chi-squared.ts'

/**
 * P(F > f) with fractional degrees of freedom, by the upper incomplete beta function.
 *
 * @param df2  > 0; Infinity is the chi-squared limit
 * @throws {RangeError} a df not above 0
 * @see Abramowitz & Stegun 26.6.2. Oracle: R pf(lower.tail = FALSE).
 */
export function fUpper(f: number, df1: number, df2: number): number {
  assertDegrees(df1, df2)
  if (f <= 0) return 1
  // Hillis' degrees of freedom grow without bound as the reader variance vanishes.
  if (df2 > 1e10) return chiSquaredUpper(df1 * f, df1)
  const share = (df1 * f) / (df1 * f + df2)
  return share > 0.5
    ? betainc(df2 / (df1 * f + df2), df2 / 2, df1 / 2, true, false)
    : betainc(share, df1 / 2, df2 / 2, true, true)
}

/**
 * Quantile of F. Oracle: R qf.
 *
 * @throws {RangeError} probability outside (0, 1), a df not above 0
 */
export function fQuantile(probability: number, df1: number, df2: number): number {
  assertDegrees(df1, df2)
  if (!(probability > 0 && probability < 1)) throw new RangeError(`fQuantile: probability ${probability}`)
  if (df2 > 1e10) return chiSquaredQuantile(probability, df1) / df1
  return quantile(probability, df1, df2)
}

function assertDegrees(df1: number, df2: number): void {
  if (!(df1 > 0 && df2 > 0)) throw new RangeError(`F distribution: df ${df1}, ${df2}`)
}
