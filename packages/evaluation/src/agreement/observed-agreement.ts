import type { AgreementWeights } from './agreement-weights.ts'
import { categoryCounts, type RatingMatrix } from './rating-matrix.ts'

export type ObservedAgreement = {
  readonly counts: Float64Array
  readonly rated: Float64Array
  /** Weighted agreement within each subject; 0 where fewer than two raters. */
  readonly bySubject: Float64Array
  /** Subjects with two ratings or more. */
  readonly comparable: number
  /** Mean over the comparable subjects. */
  readonly observed: number
}

/** Weighted observed agreement of several raters with missing ratings. Gwet (2014) ch. 2, 3. */
export function observedAgreement(ratings: RatingMatrix, weights: AgreementWeights): ObservedAgreement | 'no_units' {
  const { subjects, size } = ratings
  if (weights.size !== size) throw new RangeError(`observedAgreement: ${weights.size} weights for a scale of ${size}`)
  const { counts, rated } = categoryCounts(ratings)
  const bySubject = new Float64Array(subjects)
  let comparable = 0
  let total = 0
  for (let i = 0; i < subjects; i++) {
    const r = rated[i] as number
    if (r < 2) continue
    comparable++
    let agreeing = 0
    for (let k = 0; k < size; k++) {
      const own = counts[i * size + k] as number
      if (own !== 0) agreeing += own * (weightedCount(counts, weights, { subject: i, category: k }) - 1)
    }
    bySubject[i] = agreeing / (r * (r - 1))
    total += bySubject[i] as number
  }
  return comparable === 0 ? 'no_units' : { counts, rated, bySubject, comparable, observed: total / comparable }
}

/** Raters of a subject, each weighted by agreement with a category. */
export function weightedCount(
  counts: Float64Array,
  weights: AgreementWeights,
  of: { subject: number; category: number },
): number {
  let total = 0
  for (let l = 0; l < weights.size; l++) {
    total += (weights.at[of.category * weights.size + l] as number) * (counts[of.subject * weights.size + l] as number)
  }
  return total
}

/** Mean share of each category over subjects. */
export function meanShares({ counts, rated }: ObservedAgreement, size: number): Float64Array {
  const shares = new Float64Array(size)
  const subjects = rated.length
  for (let i = 0; i < subjects; i++) {
    for (let k = 0; k < size; k++) {
      shares[k] = (shares[k] as number) + (counts[i * size + k] as number) / (rated[i] as number) / subjects
    }
  }
  return shares
}
