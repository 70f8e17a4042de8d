import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { linearisedVariance } from '../cluster/linearised-covariance.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import type { PairedGrades } from './clustered-kappa.ts'
import { onScale } from './rating-table.ts'

/**
 * Gwet's AC1 (unweighted) or AC2 for two raters and its influence per unit, centred and divided by N:
 * pe = (sum w)/(q(q-1)) sum_k pi_k (1 - pi_k), pi the mean margin. Depends on q even where a category is unused.
 *
 * @returns undefined without units, or on a scale of one category
 */
export function gwetInfluence(
  pair: PairedGrades,
): { estimate: number; influence: Float64Array } | 'no_units' | 'one_category' {
  const { first, second, weights } = pair
  const { size } = weights
  const n = first.length
  if (second.length !== n) throw new RangeError(`gwetInfluence: ${n} and ${second.length} grades`)
  if (n === 0) return 'no_units'
  if (size < 2) return 'one_category'
  const share = new Float64Array(size)
  let observed = 0
  for (let i = 0; i < n; i++) {
    const a = onScale(first[i], size)
    const b = onScale(second[i], size)
    share[a] = (share[a] as number) + 0.5 / n
    share[b] = (share[b] as number) + 0.5 / n
    observed += (weights.at[a * size + b] as number) / n
  }
  const factor = sum(weights.at) / (size * (size - 1))
  let chance = 0
  let squares = 0
  for (const pi of share) {
    chance += factor * pi * (1 - pi)
    squares += pi * pi
  }
  const rest = 1 - chance
  const estimate = (observed - chance) / rest
  const influence = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const a = first[i] as number
    const b = second[i] as number
    const surprise = factor * (2 * squares - (share[a] as number) - (share[b] as number))
    influence[i] = ((weights.at[a * size + b] as number) - observed - (1 - estimate) * surprise) / (rest * n)
  }
  return { estimate, influence }
}

/**
 * AC1 or AC2 of two raters with patients as sampling units, t(K-1).
 *
 * @returns unitless, at most 1
 * @throws {RangeError} lengths differ, a grade off the scale
 * @see Gwet (2008) Br J Math Stat Psychol 61:29; methods 2.8. Oracle: irrCAC 1.0 gwet.ac1.table, one unit a patient
 */
export function clusteredGwet(pair: PairedGrades, clusters: Clusters, level: number): Inference {
  const n = pair.first.length
  assertUnits(clusters, n, 'clusteredGwet')
  const ac = gwetInfluence(pair)
  if (typeof ac === 'string') return undefinedEstimate(ac, { n, clusters: clusters.count })
  const variance = linearisedVariance(ac.influence, clusters)
  return waldT({ estimate: ac.estimate, variance, n, clusters: clusters.count, level, range: [-1, 1] })
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
