import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { assertUnits, type Clusters } from './clusters.ts'
import { linearisedVariance } from './linearised-covariance.ts'

/**
 * Mean of any per-unit value with patients as sampling units: h_i = (x_i - mean)/n, t(K-1).
 *
 * @param of.range  values that the mean can take
 * @throws {RangeError} lengths differ, a value that is not finite
 * @see methods 2.3. Oracle: survey 4.1-1 svymean
 */
export function clusteredMean(
  values: ArrayLike<number>,
  of: { readonly clusters: Clusters; readonly level: number; readonly range: readonly [number, number] },
): Inference {
  const n = values.length
  const { clusters, level, range } = of
  assertUnits(clusters, n, 'clusteredMean')
  const counted = { n, clusters: clusters.count }
  if (n === 0) return undefinedEstimate('no_units', counted)
  let total = 0
  for (let i = 0; i < n; i++) total += values[i] as number
  const estimate = total / n
  const influence = Float64Array.from({ length: n }, (_, i) => ((values[i] as number) - estimate) / n)
  return waldT({ estimate, variance: linearisedVariance(influence, clusters), ...counted, level, range })
}
