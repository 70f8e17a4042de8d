import betainc from '@stdlib/math-base-special-betainc'
import gammaln from '@stdlib/math-base-special-gammaln'
import { normalCdf } from './normal.ts'

/**
 * P(T <= t) of the noncentral t distribution.
 *
 * @throws {RangeError} df not above 0, noncentrality not finite
 * @see Lenth (1989), algorithm AS 243. Oracle: R pt(ncp =), within 1e-7.
 */
export function noncentralTCdf(t: number, df: number, noncentrality: number): number {
  if (!(df > 0)) throw new RangeError(`noncentralTCdf: df ${df}`)
  if (!Number.isFinite(noncentrality)) throw new RangeError(`noncentralTCdf: noncentrality ${noncentrality}`)
  if (t < 0) return 1 - noncentralTCdf(-t, df, -noncentrality)
  const share = (t * t) / (df + t * t)
  const half = (noncentrality * noncentrality) / 2
  let total = normalCdf(-noncentrality)
  if (share === 0) return total
  if (half === 0) return total + betainc(share, 0.5, df / 2, true, false) / 2
  const lead = noncentrality / Math.SQRT2
  for (let j = 0; ; j++) {
    const even = Math.exp(-half + j * Math.log(half) - gammaln(j + 1))
    const odd = lead * Math.exp(-half + j * Math.log(half) - gammaln(j + 1.5))
    total += (even * betainc(share, j + 0.5, df / 2, true, false)) / 2
    total += (odd * betainc(share, j + 1, df / 2, true, false)) / 2
    if (j > half && even < 1e-18) return Math.min(1, Math.max(0, total))
  }
}
