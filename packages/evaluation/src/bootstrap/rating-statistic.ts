import type { AgreementWeights } from '../agreement/agreement-weights.ts'
import { categoryCounts, type RatingMatrix } from '../agreement/rating-matrix.ts'
import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import type { ClusterStatistic } from './cluster-statistic.ts'

/** Where each sum of a patient stands in the row of sums that a draw adds up. */
type Layout = {
  readonly size: number
  readonly raters: number
  readonly coincidence: number
  readonly margin: number
  readonly rater: number
  readonly share: number
  /** Then: weighted agreement by both weights, comparable subjects, subjects. */
  readonly scalar: number
  readonly width: number
}

/**
 * Conger's kappa, Gwet's AC2 and Krippendorff's alpha (ordinal) of several raters with missing ratings, under resampled
 * patients. All three rest on sums over subjects, so a draw adds up one short row a patient.
 *
 * @returns [Conger, AC2, alpha], null where one is not defined
 * @throws {RangeError} clusters of another number of subjects, weights of another size
 * @see `congerKappa`, `gwetManyRaters`, `krippendorffAlpha`, methods 2.8
 */
export function ratingStatistic(
  ratings: RatingMatrix,
  weights: { readonly conger: AgreementWeights; readonly gwet: AgreementWeights },
  clusters: Clusters,
): ClusterStatistic {
  const { subjects, size, raters } = ratings
  assertUnits(clusters, subjects, 'ratingStatistic')
  if (weights.conger.size !== size || weights.gwet.size !== size) throw new RangeError('ratingStatistic: weights')
  const layout = layoutOf(size, raters)
  const { width } = layout
  const rows = new Float64Array(clusters.count * width)
  const { counts, rated } = categoryCounts(ratings)
  for (let i = 0; i < subjects; i++) {
    const k = clusters.of[i] as number
    const row = rows.subarray(k * width, (k + 1) * width)
    addRatings(row, layout, ratings.at.subarray(i * raters, (i + 1) * raters))
    addSubject(row, layout, { counts: counts.subarray(i * size, (i + 1) * size), rated: rated[i] as number, weights })
  }
  const sum = new Float64Array(width)
  const gwetTotal = weights.gwet.at.reduce((total, one) => total + one, 0)
  return (timesDrawn) => {
    sum.fill(0)
    for (let k = 0; k < clusters.count; k++) {
      const times = timesDrawn[k] as number
      if (times === 0) continue
      const start = k * width
      for (let c = 0; c < width; c++) sum[c] = (sum[c] as number) + times * (rows[start + c] as number)
    }
    return [congerOf(sum, layout, weights.conger.at), gwetOf(sum, layout, gwetTotal), alphaOf(sum, layout)]
  }
}

function layoutOf(size: number, raters: number): Layout {
  const margin = size * size
  const rater = margin + size
  const share = rater + raters * size
  const scalar = share + size
  return { size, raters, coincidence: 0, margin, rater, share, scalar, width: scalar + 4 }
}

function add(row: Float64Array, place: number, value: number): void {
  row[place] = (row[place] as number) + value
}

function addRatings(row: Float64Array, { size, rater }: Layout, grades: Int16Array): void {
  for (let j = 0; j < grades.length; j++) {
    const grade = grades[j] as number
    if (grade >= 0) add(row, rater + j * size + grade, 1)
  }
}

type Subject = {
  counts: Float64Array
  rated: number
  weights: { conger: AgreementWeights; gwet: AgreementWeights }
}

function addSubject(row: Float64Array, layout: Layout, { counts, rated, weights }: Subject): void {
  const { size, coincidence, margin, share, scalar } = layout
  if (rated === 0) return
  add(row, scalar + 3, 1)
  for (let a = 0; a < size; a++) add(row, share + a, (counts[a] as number) / rated)
  if (rated < 2) return
  add(row, scalar + 2, 1)
  for (let a = 0; a < size; a++) {
    const ofA = counts[a] as number
    add(row, margin + a, ofA)
    for (let b = 0; b < size; b++) {
      const pairs = ofA * ((counts[b] as number) - (a === b ? 1 : 0))
      add(row, coincidence + a * size + b, pairs / (rated - 1))
      const each = pairs / (rated * (rated - 1))
      add(row, scalar, each * (weights.conger.at[a * size + b] as number))
      add(row, scalar + 1, each * (weights.gwet.at[a * size + b] as number))
    }
  }
}

function congerOf(sum: Float64Array, { size, raters, rater, scalar }: Layout, weights: Float64Array): number | null {
  const comparable = sum[scalar + 2] as number
  if (comparable === 0) return null
  const shares = new Float64Array(raters * size)
  for (let g = 0; g < raters; g++) {
    let rated = 0
    for (let k = 0; k < size; k++) rated += sum[rater + g * size + k] as number
    if (rated === 0) return null
    for (let k = 0; k < size; k++) shares[g * size + k] = (sum[rater + g * size + k] as number) / rated
  }
  let disagreement = 0
  for (let k = 0; k < size; k++) {
    for (let l = 0; l < size; l++) {
      const lack = 1 - (weights[k * size + l] as number)
      if (lack === 0) continue
      let [ofK, ofL, same] = [0, 0, 0]
      for (let g = 0; g < raters; g++) {
        ofK += shares[g * size + k] as number
        ofL += shares[g * size + l] as number
        same += (shares[g * size + k] as number) * (shares[g * size + l] as number)
      }
      disagreement += lack * (ofK * ofL - same)
    }
  }
  // 1 - pe is summed directly: by subtraction a degenerate table leaves a residue that passes for a number.
  const rest = disagreement / (raters * (raters - 1))
  return rest <= 1e-15 ? null : ((sum[scalar] as number) / comparable - (1 - rest)) / rest
}

function gwetOf(sum: Float64Array, { size, share, scalar }: Layout, total: number): number | null {
  const comparable = sum[scalar + 2] as number
  if (comparable === 0 || size < 2) return null
  let chance = 0
  for (let k = 0; k < size; k++) {
    const pi = (sum[share + k] as number) / (sum[scalar + 3] as number)
    chance += pi * (1 - pi)
  }
  const expected = (total / (size * (size - 1))) * chance
  return ((sum[scalar + 1] as number) / comparable - expected) / (1 - expected)
}

/** Ordinal distance: ratings from one category to the other, the two ends counted half, squared. */
function alphaOf(sum: Float64Array, { size, coincidence, margin }: Layout): number | null {
  let n = 0
  for (let k = 0; k < size; k++) n += sum[margin + k] as number
  if (n === 0) return null
  let observed = 0
  let expected = 0
  for (let a = 0; a < size; a++) {
    let between = (sum[margin + a] as number) / 2
    for (let b = a + 1; b < size; b++) {
      const ofB = sum[margin + b] as number
      const distance = (between + ofB / 2) ** 2
      between += ofB
      observed += (sum[coincidence + a * size + b] as number) * distance
      expected += (sum[margin + a] as number) * ofB * distance
    }
  }
  return expected === 0 ? null : 1 - ((n - 1) * observed) / expected
}
