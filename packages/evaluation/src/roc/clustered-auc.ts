import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { type SquareMatrix, symmetricMatrix } from '../matrix.ts'
import { type StructuralComponents, structuralComponents } from './structural-components.ts'

/**
 * Covariance matrix of AUCs of several scores on the same units clustered in patients:
 * I10/(I10-1) sum D10a D10b / M^2 + I01/(I01-1) sum D01a D01b / N^2 + I/(I-1) sum (D10a D01b + D10b D01a)/(MN),
 * D10_k = sum of V10 over the positives of patient k less their number times the AUC, D01_k likewise.
 *
 * @returns `too_few_patients` unless two patients have a positive and two have a negative
 * @throws {RangeError} no scores, other units
 * @see Obuchowski (1997) Biometrics 53:567. Oracle: mitoticFigureCounts 1.0 doAUCcluster, fastAUC 2.1 auc
 */
export function clusteredAucCovariance(
  scores: readonly StructuralComponents[],
  clusters: Clusters,
): SquareMatrix | 'too_few_patients' {
  const first = scores[0]
  if (first === undefined) throw new RangeError('clusteredAucCovariance: no scores')
  const m = first.positives.length
  const n = first.negatives.length
  assertUnits(clusters, m + n, 'clusteredAucCovariance')
  const withPositive = countClusters(first.positives, clusters)
  const withNegative = countClusters(first.negatives, clusters)
  if (withPositive < 2 || withNegative < 2) return 'too_few_patients'
  const deviations = scores.map((score) => ({
    positive: deviationByCluster(score.positives, score.ofPositive, { clusters, auc: score.auc }),
    negative: deviationByCluster(score.negatives, score.ofNegative, { clusters, auc: score.auc }),
  }))
  const count = clusters.count
  return symmetricMatrix(scores.length, (a, b) => {
    const one = deviations[a] as Deviations
    const two = deviations[b] as Deviations
    const cross = dot(one.positive, two.negative) + dot(two.positive, one.negative)
    return (
      ((withPositive / (withPositive - 1)) * dot(one.positive, two.positive)) / m ** 2 +
      ((withNegative / (withNegative - 1)) * dot(one.negative, two.negative)) / n ** 2 +
      ((count / (count - 1)) * cross) / (m * n)
    )
  })
}

/**
 * AUC of one score with patients as sampling units, t(K-1), on the logit scale where `scale` says so (near 1).
 *
 * @returns null `no_positives`, `no_negatives`, `no_units`; interval null `too_few_patients` or `zero_variance`
 * @see methods 2.5
 */
export function clusteredAuc(input: {
  readonly truth: ArrayLike<number>
  readonly scores: ArrayLike<number>
  readonly clusters: Clusters
  readonly level: number
  readonly scale?: 'identity' | 'logit'
}): Inference {
  const { truth, scores, clusters, level } = input
  assertUnits(clusters, scores.length, 'clusteredAuc')
  const counted = { n: scores.length, clusters: clusters.count }
  const components = structuralComponents(truth, scores)
  if (typeof components === 'string') return undefinedEstimate(components, counted)
  const covariance = clusteredAucCovariance([components], clusters)
  const variance = covariance === 'too_few_patients' ? null : (covariance.at[0] as number)
  const range: [number, number] = [0, 1]
  const inference = waldT({
    estimate: components.auc,
    variance,
    ...counted,
    level,
    range,
    scale: input.scale ?? 'identity',
  })
  return variance === null ? { ...inference, reason: 'too_few_patients' } : inference
}

type Deviations = { positive: Float64Array; negative: Float64Array }

function deviationByCluster(
  units: Int32Array,
  values: Float64Array,
  of: { clusters: Clusters; auc: number },
): Float64Array {
  const sums = new Float64Array(of.clusters.count)
  for (let i = 0; i < units.length; i++) {
    const k = of.clusters.of[units[i] as number] as number
    sums[k] = (sums[k] as number) + (values[i] as number) - of.auc
  }
  return sums
}

function countClusters(units: Int32Array, clusters: Clusters): number {
  const seen = new Uint8Array(clusters.count)
  for (const unit of units) seen[clusters.of[unit] as number] = 1
  let count = 0
  for (const one of seen) count += one
  return count
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number)
  return total
}
