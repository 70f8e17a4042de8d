import type { AgreementWeights } from './agreement-weights.ts'
import { type ChanceCorrected, chanceCorrected } from './chance-corrected.ts'
import { observedAgreement } from './observed-agreement.ts'
import type { RatingMatrix } from './rating-matrix.ts'

/**
 * Conger's kappa, weighted, with missing ratings: chance agreement from each rater's own margin. For fixed named readers.
 *
 * @returns `no_units` when no subject has two ratings or a rater rated nothing, `one_category` when pe is 1
 * @see Conger (1980) Psychol Bull 88:322; Gwet (2014). Oracle: irrCAC 1.0 conger.kappa.raw, irr kappam.fleiss(exact = TRUE)
 */
export function congerKappa(
  ratings: RatingMatrix,
  weights: AgreementWeights,
): ChanceCorrected | 'no_units' | 'one_category' {
  const agreement = observedAgreement(ratings, weights)
  if (agreement === 'no_units') return agreement
  const { subjects, raters, size } = ratings
  const margins = raterMargins(ratings)
  if (margins === null) return 'no_units'
  const total = new Float64Array(size)
  for (let g = 0; g < raters; g++)
    for (let k = 0; k < size; k++) total[k] = (total[k] as number) + (margins.share[g * size + k] as number)
  const expected = expectedAgreement(margins.share, total, { raters, size, weights })
  const bySubject = new Float64Array(subjects)
  for (let i = 0; i < subjects; i++) {
    let sum = 0
    for (let g = 0; g < raters; g++) sum += raterTerm(ratings, { margins, total, weights, subject: i, rater: g })
    bySubject[i] = sum / (raters * (raters - 1))
  }
  return chanceCorrected(agreement, expected, bySubject)
}

type Margins = { share: Float64Array; rated: Float64Array }

function raterMargins({ subjects, raters, size, at }: RatingMatrix): Margins | null {
  const share = new Float64Array(raters * size)
  const rated = new Float64Array(raters)
  for (let i = 0; i < subjects; i++) {
    for (let g = 0; g < raters; g++) {
      const grade = at[i * raters + g] as number
      if (grade < 0) continue
      rated[g] = (rated[g] as number) + 1
      share[g * size + grade] = (share[g * size + grade] as number) + 1
    }
  }
  if (rated.some((count) => count === 0)) return null
  for (let g = 0; g < raters; g++) {
    for (let k = 0; k < size; k++) share[g * size + k] = (share[g * size + k] as number) / (rated[g] as number)
  }
  return { share, rated }
}

/** Mean over ordered pairs of different raters of sum w p_gk p_hl. */
function expectedAgreement(
  share: Float64Array,
  total: Float64Array,
  of: { raters: number; size: number; weights: AgreementWeights },
): number {
  const { raters, size, weights } = of
  let sum = 0
  for (let k = 0; k < size; k++) {
    for (let l = 0; l < size; l++) {
      let same = 0
      for (let g = 0; g < raters; g++) same += (share[g * size + k] as number) * (share[g * size + l] as number)
      sum += (weights.at[k * size + l] as number) * ((total[k] as number) * (total[l] as number) - same)
    }
  }
  return sum / (raters * (raters - 1))
}

type Term = { margins: Margins; total: Float64Array; weights: AgreementWeights; subject: number; rater: number }

/** What a subject's rating by one rater adds to chance agreement with the other raters (Gwet's lambda), missing ratings included. */
function raterTerm(ratings: RatingMatrix, { margins, total, weights, subject, rater }: Term): number {
  const { subjects, raters, size, at } = ratings
  const grade = at[subject * raters + rater] as number
  const rated = margins.rated[rater] as number
  const present = grade < 0 ? 0 : 1
  let sum = 0
  for (let k = 0; k < size; k++) {
    let lambda = 0
    for (let l = 0; l < size; l++) {
      const own = grade === l ? 1 : 0
      const drift = (present - rated / subjects) * (margins.share[rater * size + l] as number)
      lambda += (weights.at[k * size + l] as number) * (own - drift)
    }
    sum += ((lambda * subjects) / rated) * ((total[k] as number) - (margins.share[rater * size + k] as number))
  }
  return sum
}
