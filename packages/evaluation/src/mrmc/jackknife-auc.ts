import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import type { StructuralComponents } from '../roc/structural-components.ts'

/**
 * AUC with each patient left out in turn, exactly and without ranking again: the pairs that a patient takes part in are
 * the structural components of his units less the pairs inside him, counted twice.
 *
 * @returns null when a patient holds every positive, or every negative
 * @throws {RangeError} clusters of another number of units
 */
export function jackknifeAuc(
  components: StructuralComponents,
  scores: ArrayLike<number>,
  clusters: Clusters,
): Float64Array | null {
  const { positives, negatives, ofPositive, ofNegative, auc } = components
  assertUnits(clusters, scores.length, 'jackknifeAuc')
  const m = positives.length
  const n = negatives.length
  const own = Array.from({ length: clusters.count }, () => ({
    positives: [] as number[],
    negatives: [] as number[],
    won: 0,
  }))
  const place = (units: Int32Array, values: Float64Array, side: 'positives' | 'negatives', others: number): void => {
    for (let i = 0; i < units.length; i++) {
      const unit = units[i] as number
      const patient = own[clusters.of[unit] as number] as (typeof own)[number]
      patient[side].push(unit)
      patient.won += (values[i] as number) * others
    }
  }
  place(positives, ofPositive, 'positives', n)
  place(negatives, ofNegative, 'negatives', m)
  const leftOut = new Float64Array(clusters.count)
  for (let k = 0; k < clusters.count; k++) {
    const patient = own[k] as (typeof own)[number]
    const pairs = (m - patient.positives.length) * (n - patient.negatives.length)
    if (pairs === 0) return null
    leftOut[k] = (m * n * auc - patient.won + pairsWon(patient.positives, patient.negatives, scores)) / pairs
  }
  return leftOut
}

function pairsWon(positives: readonly number[], negatives: readonly number[], scores: ArrayLike<number>): number {
  let won = 0
  for (const p of positives) {
    for (const q of negatives) {
      const [a, b] = [scores[p] as number, scores[q] as number]
      won += a > b ? 1 : a === b ? 0.5 : 0
    }
  }
  return won
}
