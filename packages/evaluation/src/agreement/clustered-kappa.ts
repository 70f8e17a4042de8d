import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { linearisedVariance } from '../cluster/linearised-covariance.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import type { AgreementWeights } from './agreement-weights.ts'
import { ratingTable } from './rating-table.ts'
import { type KappaReason, weightedKappa } from './weighted-kappa.ts'

export type PairedGrades = {
  /** Grades per unit, integers in [0, weights.size). */
  readonly first: ArrayLike<number>
  readonly second: ArrayLike<number>
  readonly weights: AgreementWeights
}

/** Weighted kappa and its influence per unit, centred and divided by N: the entry of the linearisation engine. */
export function kappaInfluence(pair: PairedGrades): { estimate: number; influence: Float64Array } | KappaReason {
  const { first, second, weights } = pair
  const kappa = weightedKappa(ratingTable(first, second, weights.size), weights)
  if (typeof kappa === 'string') return kappa
  const n = first.length
  const rest = 1 - kappa.expected
  const pull = (1 - kappa.observed) / rest ** 2
  const influence = new Float64Array(n)
  let mean = 0
  for (let i = 0; i < n; i++) {
    const a = first[i] as number
    const b = second[i] as number
    const reach = (kappa.rowMean[a] as number) + (kappa.columnMean[b] as number)
    const value = (weights.at[a * weights.size + b] as number) / rest - pull * reach
    influence[i] = value
    mean += value / n
  }
  for (let i = 0; i < n; i++) influence[i] = ((influence[i] as number) - mean) / n
  return { estimate: kappa.estimate, influence }
}

/**
 * Weighted kappa of two raters with patients as sampling units:
 * h_i = w_i/(1-pe) - (1-po)/(1-pe)^2 (wr_a + wc_b), centred, over N, summed by patient; t(K-1).
 *
 * @returns unitless, at most 1; null `one_category` when pe is 1
 * @throws {RangeError} lengths differ, a grade off the scale
 * @see Vanbelle (2017) Biom J 59:1016; methods 2.8. Oracle: multiagree 3.1 delta.pair(multilevel = TRUE)
 */
export function clusteredKappa(pair: PairedGrades, clusters: Clusters, level: number): Inference {
  const n = pair.first.length
  assertUnits(clusters, n, 'clusteredKappa')
  const kappa = kappaInfluence(pair)
  if (typeof kappa === 'string') return undefinedEstimate(kappa, { n, clusters: clusters.count })
  const variance = linearisedVariance(kappa.influence, clusters)
  return waldT({ estimate: kappa.estimate, variance, n, clusters: clusters.count, level, range: [-1, 1] })
}
