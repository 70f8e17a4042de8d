import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { assertUnits, type Clusters, restrictClusters } from './clusters.ts'
import { linearisedVariance } from './linearised-covariance.ts'

export type RatioInput = {
  /** Per unit, what is counted above and below the line; sensitivity: true positive and truth positive. */
  readonly numerator: ArrayLike<number>
  readonly denominator: ArrayLike<number>
  readonly clusters: Clusters
  readonly level: number
  /**
   * `with_denominator`: patients who have a unit in the denominator (sensitivity, specificity: the analysis is on the
   * domain rows). `all`: every patient (precision, F1: both totals are random over all rows).
   */
  readonly domain: 'with_denominator' | 'all'
  readonly scale?: 'identity' | 'logit'
}

/**
 * Ratio R = sum a / sum b with patients as sampling units; influence h_i = (a_i - R b_i) / sum b.
 *
 * @returns unitless; null `zero_denominator` (no unit: `no_units`) when sum b is 0
 * @throws {RangeError} lengths differ, level outside (0, 1)
 * @see methods 2.3. Oracle: survey 4.1-1 svymean (0/1 numerator on the domain), svyratio
 */
export function clusteredRatio(input: RatioInput): Inference {
  const { numerator, denominator, clusters } = input
  const n = numerator.length
  assertUnits(clusters, n, 'clusteredRatio')
  if (denominator.length !== n)
    throw new RangeError(`clusteredRatio: ${n} numerators, ${denominator.length} denominators`)
  const above = sum(numerator)
  const below = sum(denominator)
  if (n === 0) return undefinedEstimate('no_units', { n, clusters: 0 })
  const kept = input.domain === 'all' ? null : unitsWith(denominator)
  const domain = kept === null ? clusters : restrictClusters(clusters, kept)
  const counted = { n: kept?.length ?? n, clusters: domain.count }
  if (below === 0) return undefinedEstimate('zero_denominator', counted)
  const estimate = above / below
  const influence = new Float64Array(counted.n)
  for (let row = 0; row < influence.length; row++) {
    const i = kept === null ? row : (kept[row] as number)
    influence[row] = ((numerator[i] as number) - estimate * (denominator[i] as number)) / below
  }
  const variance = linearisedVariance(influence, domain)
  const scale = input.scale ?? 'identity'
  return waldT({ estimate, variance, ...counted, level: input.level, range: [0, 1], scale })
}

function unitsWith(denominator: ArrayLike<number>): Int32Array {
  const kept: number[] = []
  for (let i = 0; i < denominator.length; i++) if (denominator[i] !== 0) kept.push(i)
  return Int32Array.from(kept)
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i] as number
  return total
}
