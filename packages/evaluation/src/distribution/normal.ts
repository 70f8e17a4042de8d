import cdf from '@stdlib/stats-base-dists-normal-cdf'
import quantile from '@stdlib/stats-base-dists-normal-quantile'

/** P(Z <= z). Lower tails keep their digits. Oracle: R pnorm. */
export function normalCdf(z: number): number {
  return cdf(z, 0, 1)
}

/** P(Z > z), as cdf(-z): 1 - cdf would lose every digit far out. Oracle: R pnorm(lower.tail = FALSE). */
export function normalUpper(z: number): number {
  return cdf(-z, 0, 1)
}

/** Two-sided p of a standard normal statistic, at most 1. */
export function normalTwoSided(z: number): number {
  return Math.min(1, 2 * cdf(-Math.abs(z), 0, 1))
}

/**
 * Quantile of the standard normal. Oracle: R qnorm.
 *
 * @param probability  in (0, 1)
 * @throws {RangeError} outside (0, 1)
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`normalQuantile: probability ${probability}`)
  if (probability > 0.5) return -normalQuantile(1 - probability)
  // One Newton step on the tail: the rational approximation alone is good to nine digits far out.
  const z = quantile(probability, 0, 1)
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return density === 0 ? z : z - (cdf(z, 0, 1) - probability) / density
}
