import type { Clusters } from '../cluster/clusters.ts'
import { assertUnits } from '../cluster/clusters.ts'
import { sortedOrder } from '../roc/midranks.ts'
import { aucStatistic, type ClusterStatistic } from './cluster-statistic.ts'

/** Probabilities of each grade per unit, row by row, with the true grade. */
export type GradedProbabilities = {
  readonly truth: ArrayLike<number>
  readonly size: number
  readonly at: Float64Array
}

/**
 * Hand and Till's M under resampled patients: two sorted passes per pair of grades. A pair of which a grade was not drawn is
 * left out; null when no pair is left.
 *
 * @throws {RangeError} lengths differ
 * @see `handTill`, methods 2.7
 */
export function handTillStatistic({ truth, size, at }: GradedProbabilities, clusters: Clusters): ClusterStatistic {
  assertUnits(clusters, truth.length, 'handTillStatistic')
  const pairs: (readonly [ClusterStatistic, ClusterStatistic])[] = []
  for (let first = 0; first < size; first++) {
    for (let second = first + 1; second < size; second++) {
      const units = Int32Array.from(truth, (_, i) => i).filter((i) => truth[i] === first || truth[i] === second)
      const separated = (grade: number): ClusterStatistic =>
        aucStatistic(
          Uint8Array.from(units, (i) => (truth[i] === grade ? 1 : 0)),
          Float64Array.from(units, (i) => at[i * size + grade] as number),
          { of: Int32Array.from(units, (i) => clusters.of[i] as number), count: clusters.count },
        )
      pairs.push([separated(first), separated(second)])
    }
  }
  return (timesDrawn) => {
    let total = 0
    let defined = 0
    for (const [forward, backward] of pairs) {
      const [a] = forward(timesDrawn)
      const [b] = backward(timesDrawn)
      if (a === null || a === undefined || b === null || b === undefined) continue
      total += (a + b) / 2
      defined++
    }
    return [defined === 0 ? null : total / defined]
  }
}

/**
 * Concordance index of a continuous score with ordinal grades under resampled patients. Units are ranked once; a draw is one
 * pass that keeps, per grade, how many lower scores it has seen.
 *
 * @throws {RangeError} lengths differ, a score that is NaN
 * @see `concordance`, methods 2.7
 */
export function concordanceStatistic(
  { truth, size, scores }: { truth: ArrayLike<number>; size: number; scores: ArrayLike<number> },
  clusters: Clusters,
): ClusterStatistic {
  const n = scores.length
  assertUnits(clusters, n, 'concordanceStatistic')
  assertUnits(clusters, truth.length, 'concordanceStatistic')
  const order = sortedOrder(scores)
  const patient = Int32Array.from(order, (unit) => clusters.of[unit] as number)
  const grade = Uint8Array.from(order, (unit) => truth[unit] as number)
  const endsTie = Uint8Array.from(order, (unit, i) =>
    i + 1 === n || scores[order[i + 1] as number] !== scores[unit] ? 1 : 0,
  )
  const below = new Float64Array(size)
  const tied = new Float64Array(size)
  return (timesDrawn) => {
    below.fill(0)
    tied.fill(0)
    let concordant = 0
    for (let i = 0; i < n; i++) {
      const own = grade[i] as number
      tied[own] = (tied[own] as number) + (timesDrawn[patient[i] as number] as number)
      if (endsTie[i] === 0) continue
      concordant += wonByTie(tied, below)
    }
    const pairs = pairsOfGrades(below)
    return [pairs === 0 ? null : concordant / pairs]
  }
}

/** What the units of one score win against lower grades with lower or the same score; they then count as seen. */
function wonByTie(tied: Float64Array, below: Float64Array): number {
  let won = 0
  let lower = 0
  let same = 0
  for (let grade = 0; grade < tied.length; grade++) {
    const here = tied[grade] as number
    if (here !== 0) won += here * (lower + same / 2)
    lower += below[grade] as number
    same += here
  }
  for (let grade = 0; grade < tied.length; grade++) {
    below[grade] = (below[grade] as number) + (tied[grade] as number)
    tied[grade] = 0
  }
  return won
}

function pairsOfGrades(counts: Float64Array): number {
  let pairs = 0
  let lower = 0
  for (const count of counts) {
    pairs += count * lower
    lower += count
  }
  return pairs
}

/**
 * Expected calibration error on fixed equal bins closed on the left, under resampled patients.
 *
 * @throws {RangeError} lengths differ
 * @see `calibrationError`, methods 2.10
 */
export function eceStatistic(
  of: { truth: ArrayLike<number>; probabilities: ArrayLike<number>; bins: number },
  clusters: Clusters,
): ClusterStatistic {
  const { truth, probabilities, bins } = of
  assertUnits(clusters, truth.length, 'eceStatistic')
  assertUnits(clusters, probabilities.length, 'eceStatistic')
  const bin = Uint8Array.from(probabilities, (p) => Math.min(bins - 1, Math.floor(p * bins)))
  const gaps = new Float64Array(bins)
  return (timesDrawn) => {
    gaps.fill(0)
    let n = 0
    for (let i = 0; i < bin.length; i++) {
      const times = timesDrawn[clusters.of[i] as number] as number
      const b = bin[i] as number
      gaps[b] = (gaps[b] as number) + times * ((truth[i] as number) - (probabilities[i] as number))
      n += times
    }
    let total = 0
    for (const gap of gaps) total += Math.abs(gap)
    return [n === 0 ? null : total / n]
  }
}
