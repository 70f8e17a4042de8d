import type { AgreementWeights } from './agreement-weights.ts'
import { type ChanceCorrected, chanceCorrected } from './chance-corrected.ts'
import { meanShares, observedAgreement } from './observed-agreement.ts'
import type { RatingMatrix } from './rating-matrix.ts'

/**
 * Gwet's AC1 (unweighted) or AC2 of several raters with missing ratings: pe = (sum w)/(q(q-1)) sum pi_k (1 - pi_k).
 *
 * @returns `no_units` when no subject has two ratings, `one_category` on a scale of one
 * @see Gwet (2008) Br J Math Stat Psychol 61:29. Oracle: irrCAC 1.0 gwet.ac1.raw
 */
export function gwetManyRaters(
  ratings: RatingMatrix,
  weights: AgreementWeights,
): ChanceCorrected | 'no_units' | 'one_category' {
  const { size } = ratings
  if (size < 2) return 'one_category'
  const agreement = observedAgreement(ratings, weights)
  if (agreement === 'no_units') return agreement
  const shares = meanShares(agreement, size)
  let sum = 0
  for (const w of weights.at) sum += w
  const factor = sum / (size * (size - 1))
  let expected = 0
  for (const share of shares) expected += factor * share * (1 - share)
  const bySubject = Float64Array.from(agreement.rated, (r, i) => {
    let total = 0
    for (let k = 0; k < size; k++)
      total += ((agreement.counts[i * size + k] as number) * (1 - (shares[k] as number))) / r
    return factor * total
  })
  return chanceCorrected(agreement, expected, bySubject)
}
