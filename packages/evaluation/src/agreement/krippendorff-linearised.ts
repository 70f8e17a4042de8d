import { linearisedVariance } from '../cluster/linearised-covariance.ts'
import type { AgreementWeights } from './agreement-weights.ts'
import { singletons } from './chance-corrected.ts'
import { weightedCount } from './observed-agreement.ts'
import { categoryCounts, type RatingMatrix } from './rating-matrix.ts'

export type LinearisedAlpha = {
  readonly estimate: number
  readonly observed: number
  readonly expected: number
  readonly se: number | null
}

/**
 * Krippendorff's alpha in Gwet's weighted form, with a standard error for independent subjects. Only subjects with two
 * ratings or more count.
 *
 * @returns `no_units`, `one_category` as `krippendorffAlpha`
 * @see Gwet (2014) ch. 3, 5. Oracle: irrCAC 1.0 krippen.alpha.raw
 */
export function krippendorffLinearised(
  ratings: RatingMatrix,
  weights: AgreementWeights,
): LinearisedAlpha | 'no_units' | 'one_category' {
  const { size } = ratings
  const all = categoryCounts(ratings)
  const units: number[] = []
  all.rated.forEach((r, i) => {
    if (r >= 2) units.push(i)
  })
  const n = units.length
  if (n === 0) return 'no_units'
  const meanRated = units.reduce((sum, i) => sum + (all.rated[i] as number), 0) / n
  const count = (unit: number, k: number): number => all.counts[unit * size + k] as number
  const shares = Float64Array.from(
    { length: size },
    (_, k) => units.reduce((sum, i) => sum + count(i, k), 0) / (meanRated * n),
  )
  const pull = Float64Array.from({ length: size }, (_, k) =>
    weightedCount(shares, weights, { subject: 0, category: k }),
  )
  const expected = shares.reduce((sum, share, k) => sum + share * (pull[k] as number), 0)
  if (1 - expected <= 1e-15) return 'one_category'
  const data = { units, counts: all.counts, rated: all.rated, meanRated, size, pull }
  const agreeing = agreementByUnit(data, weights)
  const raw = agreeing.reduce((sum, one) => sum + one, 0) / n
  const small = 1 / (n * meanRated)
  const observed = (1 - small) * raw + small
  const variance = linearisedVariance(influence(data, { agreeing, raw, observed, expected }), singletons(n))
  return {
    estimate: (observed - expected) / (1 - expected),
    observed,
    expected,
    se: variance === null ? null : Math.sqrt(variance),
  }
}

type Data = {
  readonly units: readonly number[]
  readonly counts: Float64Array
  readonly rated: Float64Array
  readonly meanRated: number
  readonly size: number
  /** Mean weight of each category against the shares of all. */
  readonly pull: Float64Array
}

/** Agreeing pairs of each unit, relative to the mean number of ratings. */
function agreementByUnit({ units, counts, rated, meanRated, size }: Data, weights: AgreementWeights): number[] {
  return units.map((unit) => {
    let sum = 0
    for (let k = 0; k < size; k++) {
      const own = counts[unit * size + k] as number
      if (own !== 0) sum += own * (weightedCount(counts, weights, { subject: unit, category: k }) - 1)
    }
    return sum / (meanRated * ((rated[unit] as number) - 1))
  })
}

type Parts = {
  readonly agreeing: readonly number[]
  readonly raw: number
  readonly observed: number
  readonly expected: number
}

function influence(
  { units, counts, rated, meanRated, size, pull }: Data,
  { agreeing, raw, observed, expected }: Parts,
): number[] {
  const rest = 1 - expected
  const rawAlpha = (raw - expected) / rest
  return units.map((unit, row) => {
    // A unit with more ratings than the mean adds more pairs, agreeing or not.
    const excess = ((rated[unit] as number) - meanRated) / meanRated
    const own = (agreeing[row] as number) - observed * excess
    let chance = -expected * excess
    for (let k = 0; k < size; k++) chance += ((counts[unit * size + k] as number) * (pull[k] as number)) / meanRated
    return ((own - expected) / rest - (2 * (1 - rawAlpha) * (chance - expected)) / rest - rawAlpha) / units.length
  })
}
