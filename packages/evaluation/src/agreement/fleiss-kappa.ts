import { normalTwoSided } from '../distribution/normal.ts'
import type { AgreementWeights } from './agreement-weights.ts'
import { type ChanceCorrected, chanceCorrected } from './chance-corrected.ts'
import { meanShares, observedAgreement } from './observed-agreement.ts'
import { categoryCounts, type RatingMatrix } from './rating-matrix.ts'

/**
 * Fleiss' kappa, weighted, with missing ratings: pe = sum w pi_k pi_l, pi the mean shares. For interchangeable raters;
 * fixed named readers take Conger's.
 *
 * @returns `no_units` when no subject has two ratings, `one_category` when pe is 1
 * @see Fleiss (1971) Psychol Bull 76:378; Gwet (2014). Oracle: irr 0.84.1 kappam.fleiss, irrCAC 1.0 fleiss.kappa.raw
 */
export function fleissKappa(
  ratings: RatingMatrix,
  weights: AgreementWeights,
): ChanceCorrected | 'no_units' | 'one_category' {
  const agreement = observedAgreement(ratings, weights)
  if (agreement === 'no_units') return agreement
  const { size } = ratings
  const shares = meanShares(agreement, size)
  const pull = new Float64Array(size)
  let expected = 0
  for (let k = 0; k < size; k++) {
    for (let l = 0; l < size; l++) {
      const product = (weights.at[k * size + l] as number) * (shares[l] as number)
      pull[k] = (pull[k] as number) + product
      expected += product * (shares[k] as number)
    }
  }
  const bySubject = Float64Array.from(agreement.rated, (r, i) => {
    let total = 0
    for (let k = 0; k < size; k++) total += ((agreement.counts[i * size + k] as number) * (pull[k] as number)) / r
    return total
  })
  return chanceCorrected(agreement, expected, bySubject)
}

/**
 * Test of "kappa = 0" for complete ratings, with the NULL standard error: never an interval.
 *
 * @returns null with missing ratings, or when one category holds everything
 * @see Fleiss, Nee & Landis (1979) Psychol Bull 86:974. Oracle: irr 0.84.1 kappam.fleiss
 */
export function fleissNullTest(ratings: RatingMatrix, kappa: number): { z: number; p: number } | null {
  const { subjects, raters, size } = ratings
  const { counts, rated } = categoryCounts(ratings)
  if (rated.some((r) => r !== raters)) return null
  let spread = 0
  let skew = 0
  for (let k = 0; k < size; k++) {
    let chosen = 0
    for (let i = 0; i < subjects; i++) chosen += counts[i * size + k] as number
    const p = chosen / (subjects * raters)
    spread += p * (1 - p)
    skew += p * (1 - p) * (1 - 2 * p)
  }
  if (spread === 0) return null
  const variance = (2 * (spread ** 2 - skew)) / (spread ** 2 * subjects * raters * (raters - 1))
  const z = kappa / Math.sqrt(variance)
  return { z, p: normalTwoSided(z) }
}
