import type { AgreementWeights } from './agreement-weights.ts'
import type { RatingMatrix } from './rating-matrix.ts'
import { ratingTable } from './rating-table.ts'
import { weightedKappa } from './weighted-kappa.ts'

/**
 * Light's kappa: mean of the pairwise kappas, over subjects that everyone rated.
 *
 * @returns null when no subject is complete or any pair is undefined
 * @see Light (1971) Psychol Bull 76:365. Oracle: irr 0.84.1 kappam.light
 */
export function lightKappa(ratings: RatingMatrix, weights: AgreementWeights): number | null {
  const { subjects, raters, size, at } = ratings
  const complete: number[] = []
  for (let i = 0; i < subjects; i++) if (!at.subarray(i * raters, (i + 1) * raters).includes(-1)) complete.push(i)
  const column = (rater: number): number[] => complete.map((i) => at[i * raters + rater] as number)
  let total = 0
  for (let a = 0; a < raters; a++) {
    for (let b = a + 1; b < raters; b++) {
      const kappa = weightedKappa(ratingTable(column(a), column(b), size), weights)
      if (typeof kappa === 'string') return null
      total += kappa.estimate
    }
  }
  return (2 * total) / (raters * (raters - 1))
}
