import betainc from '@stdlib/math-base-special-betainc'
import { assertNoncentral, sumPoissonMixture } from './poisson-mixture.ts'

/**
 * P(F > f) of the noncentral F distribution: Poisson mixture of upper beta tails.
 *
 * @param noncentrality  >= 0, in R's convention (ncp, the whole of it; the Poisson mean is half)
 * @throws {RangeError} df not above 0, noncentrality below 0
 * @see Johnson, Kotz & Balakrishnan (1995) ch. 30. Oracle: R pf(ncp =), within 1e-7.
 */
export function noncentralFUpper(f: number, df: readonly [number, number], noncentrality: number): number {
  const [df1, df2] = df
  if (!(df1 > 0 && df2 > 0)) throw new RangeError(`noncentralFUpper: df ${df1}, ${df2}`)
  assertNoncentral(noncentrality)
  if (f <= 0) return 1
  const share = (df1 * f) / (df1 * f + df2)
  return sumPoissonMixture(noncentrality / 2, (j) => betainc(share, df1 / 2 + j, df2 / 2, true, true))
}
