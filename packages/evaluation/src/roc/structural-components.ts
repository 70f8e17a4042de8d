import { midranks } from './midranks.ts'

export type StructuralComponents = {
  readonly auc: number
  /** Indices of the positive and the negative units, and the component of each: V10 and V01 of DeLong. */
  readonly positives: Int32Array
  readonly negatives: Int32Array
  readonly ofPositive: Float64Array
  readonly ofNegative: Float64Array
}

export type AucReason = 'no_units' | 'no_positives' | 'no_negatives'

/**
 * Empirical AUC = P(score of a positive > score of a negative) + P(tie)/2, and its structural components, by midranks in
 * O(n log n). The direction is fixed: a score that ranks the wrong way has an AUC below one half.
 *
 * @param truth  0 or 1 per unit
 * @param scores  higher means more positive; ties count one half
 * @throws {RangeError} lengths differ, truth other than 0 or 1, a score that is NaN
 * @see DeLong (1988) Biometrics 44:837; Sun & Xu (2014) IEEE SPL 21:1389. Oracle: pROC 1.18.0
 */
export function structuralComponents(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
): StructuralComponents | AucReason {
  const units = splitByTruth(truth, scores.length)
  const { positives, negatives } = units
  if (scores.length === 0) return 'no_units'
  if (positives.length === 0) return 'no_positives'
  if (negatives.length === 0) return 'no_negatives'
  const pooled = midranks(scores)
  const ofPositive = shares(pooled, { own: positives, scores, others: negatives.length, flip: false })
  const ofNegative = shares(pooled, { own: negatives, scores, others: positives.length, flip: true })
  let total = 0
  for (const value of ofPositive) total += value
  return { auc: total / positives.length, positives, negatives, ofPositive, ofNegative }
}

/** @throws {RangeError} truth of another length, or other than 0 or 1 */
export function splitByTruth(truth: ArrayLike<number>, n: number): { positives: Int32Array; negatives: Int32Array } {
  if (truth.length !== n) throw new RangeError(`${truth.length} truths for ${n} scores`)
  const positives: number[] = []
  const negatives: number[] = []
  for (let i = 0; i < n; i++) {
    const value = truth[i]
    if (value === 1) positives.push(i)
    else if (value === 0) negatives.push(i)
    else throw new RangeError(`truth ${i} is ${value}, not 0 or 1`)
  }
  return { positives: Int32Array.from(positives), negatives: Int32Array.from(negatives) }
}

type Own = { own: Int32Array; scores: ArrayLike<number>; others: number; flip: boolean }

/** Share of the other class that each unit beats (positives), or is beaten by (negatives: flipped). */
function shares(pooled: Float64Array, { own, scores, others, flip }: Own): Float64Array {
  const within = midranks(Float64Array.from(own, (unit) => scores[unit] as number))
  return Float64Array.from(own, (unit, i) => {
    const share = ((pooled[unit] as number) - (within[i] as number)) / others
    return flip ? 1 - share : share
  })
}
