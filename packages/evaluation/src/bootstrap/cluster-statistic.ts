import { onScale } from '../agreement/rating-table.ts'
import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { sortedOrder } from '../roc/midranks.ts'
import { splitByTruth } from '../roc/structural-components.ts'
import { type GradeMetric, gradeMetric } from './grade-metric.ts'

/** Metrics as a function of how often each patient counts, always as many of them; null where one is not defined. */
export type ClusterStatistic = (timesDrawn: ArrayLike<number>) => readonly (number | null)[]

/**
 * AUC of a continuous score under resampled patients. Units are ranked once; each draw is one pass, O(n).
 *
 * @throws {RangeError} lengths differ, truth other than 0 or 1, a score that is NaN
 */
export function aucStatistic(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  clusters: Clusters,
): ClusterStatistic {
  const n = scores.length
  assertUnits(clusters, n, 'aucStatistic')
  splitByTruth(truth, n)
  const order = sortedOrder(scores)
  const patient = Int32Array.from(order, (unit) => clusters.of[unit] as number)
  const isPositive = Uint8Array.from(order, (unit) => truth[unit] as number)
  const endsTie = Uint8Array.from(order, (unit, i) =>
    i + 1 === n || scores[order[i + 1] as number] !== scores[unit] ? 1 : 0,
  )
  return (timesDrawn) => {
    let positives = 0
    let negatives = 0
    let won = 0
    let tiedPositives = 0
    let tiedNegatives = 0
    for (let i = 0; i < n; i++) {
      const times = timesDrawn[patient[i] as number] as number
      if (isPositive[i] === 1) tiedPositives += times
      else tiedNegatives += times
      if (endsTie[i] === 0) continue
      won += tiedPositives * (negatives + tiedNegatives / 2)
      positives += tiedPositives
      negatives += tiedNegatives
      tiedPositives = 0
      tiedNegatives = 0
    }
    return [positives === 0 || negatives === 0 ? null : won / (positives * negatives)]
  }
}

/**
 * Ratio of totals under resampled patients, such as a sensitivity at the model's operating point. O(patients) a draw.
 *
 * @throws {RangeError} lengths differ
 */
export function ratioStatistic(
  numerator: ArrayLike<number>,
  denominator: ArrayLike<number>,
  clusters: Clusters,
): ClusterStatistic {
  assertUnits(clusters, numerator.length, 'ratioStatistic')
  assertUnits(clusters, denominator.length, 'ratioStatistic')
  const above = new Float64Array(clusters.count)
  const below = new Float64Array(clusters.count)
  for (let i = 0; i < numerator.length; i++) {
    const k = clusters.of[i] as number
    above[k] = (above[k] as number) + (numerator[i] as number)
    below[k] = (below[k] as number) + (denominator[i] as number)
  }
  return (timesDrawn) => {
    let a = 0
    let b = 0
    for (let k = 0; k < above.length; k++) {
      const times = timesDrawn[k] as number
      a += times * (above[k] as number)
      b += times * (below[k] as number)
    }
    return [b === 0 ? null : a / b]
  }
}

/**
 * Any number of metrics of a rater's grades under resampled patients. One table a draw serves all of them, filled patient
 * by patient: O(n) whatever the number of metrics.
 *
 * @param grades  truth and rating per unit, integers in [0, size)
 * @throws {RangeError} lengths differ, a grade off the scale
 */
export function gradeStatistic(
  grades: { readonly truth: ArrayLike<number>; readonly rated: ArrayLike<number>; readonly size: number },
  metrics: readonly GradeMetric[],
  clusters: Clusters,
): ClusterStatistic {
  const { truth, rated, size } = grades
  assertUnits(clusters, truth.length, 'gradeStatistic')
  assertUnits(clusters, rated.length, 'gradeStatistic')
  const { start, units } = byPatient(clusters)
  const cells = Uint8Array.from(units, (unit) => onScale(truth[unit], size) * size + onScale(rated[unit], size))
  const counts = new Float64Array(size * size)
  const values = metrics.map((metric) => gradeMetric(metric, size))
  return (timesDrawn) => {
    counts.fill(0)
    let n = 0
    for (let k = 0; k < clusters.count; k++) {
      const times = timesDrawn[k] as number
      if (times === 0) continue
      const end = start[k + 1] as number
      for (let i = start[k] as number; i < end; i++) {
        const cell = cells[i] as number
        counts[cell] = (counts[cell] as number) + times
      }
      n += times * (end - (start[k] as number))
    }
    return values.map((value) => value({ size, counts, n }))
  }
}

/** Units sorted by patient; those of patient k stand from `start[k]` up to `start[k + 1]`. */
function byPatient({ of, count }: Clusters): { start: Int32Array; units: Int32Array } {
  const start = new Int32Array(count + 1)
  for (const k of of) start[k + 1] = (start[k + 1] as number) + 1
  for (let k = 0; k < count; k++) start[k + 1] = (start[k + 1] as number) + (start[k] as number)
  const next = start.slice()
  const units = new Int32Array(of.length)
  for (let i = 0; i < of.length; i++) {
    const k = of[i] as number
    units[next[k] as number] = i
    next[k] = (next[k] as number) + 1
  }
  return { start, units }
}
