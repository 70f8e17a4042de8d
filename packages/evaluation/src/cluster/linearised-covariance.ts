import { assertUnits, type Clusters, sumByCluster } from './clusters.ts'

/** Relative size below which a sum of squares is rounding residue: a variance that is 0 in exact arithmetic comes out 0. */
const RESIDUE = 1e-24

/**
 * Covariance of two estimators from their per-unit influence, patients as primary sampling units:
 * K/(K-1) sum_k (z_k - mean z)(u_k - mean u), z_k and u_k the influence summed over the units of patient k.
 *
 * @param influence  per-unit influence values of one estimator, or of two on the same units
 * @returns null with fewer than two patients
 * @throws {RangeError} lengths differ
 * @see methods 2.3 (Taylor linearisation, with replacement). Oracle: survey 4.1-1 svymean, svyratio, svycontrast
 */
export function linearisedCovariance(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  clusters: Clusters,
): number | null {
  assertUnits(clusters, first.length, 'linearisedCovariance')
  assertUnits(clusters, second.length, 'linearisedCovariance')
  const count = clusters.count
  if (count < 2) return null
  const z = sumByCluster(first, clusters)
  const u = second === first ? z : sumByCluster(second, clusters)
  const meanZ = mean(z)
  const meanU = mean(u)
  let total = 0
  for (let k = 0; k < count; k++) total += ((z[k] as number) - meanZ) * ((u[k] as number) - meanU)
  const floor = RESIDUE * magnitude(first) * magnitude(second)
  return Math.abs(total) <= floor ? 0 : (count / (count - 1)) * total
}

/** Variance of one estimator: `linearisedCovariance` with itself. */
export function linearisedVariance(influence: ArrayLike<number>, clusters: Clusters): number | null {
  return linearisedCovariance(influence, influence, clusters)
}

function mean(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total / values.length
}

function magnitude(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += Math.abs(values[i] as number)
  return total
}
