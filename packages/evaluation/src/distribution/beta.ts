import betainc from '@stdlib/math-base-special-betainc'
import quantile from '@stdlib/stats-base-dists-beta-quantile'

/** P(B <= x). Oracle: R pbeta. @throws {RangeError} a shape not above 0 */
export function betaCdf(x: number, a: number, b: number): number {
  assertShapes(a, b)
  return betainc(Math.min(1, Math.max(0, x)), a, b, true, false)
}

/** Quantile of the beta distribution. Oracle: R qbeta. @throws {RangeError} a shape not above 0, probability outside (0, 1) */
export function betaQuantile(probability: number, a: number, b: number): number {
  assertShapes(a, b)
  if (!(probability > 0 && probability < 1)) throw new RangeError(`betaQuantile: probability ${probability}`)
  return quantile(probability, a, b)
}

function assertShapes(a: number, b: number): void {
  if (!(a > 0 && b > 0)) throw new RangeError(`beta distribution: shapes ${a}, ${b}`)
}
