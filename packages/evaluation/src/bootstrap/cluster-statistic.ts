import type { AgreementWeights } from '../agreement/agreement-weights.ts'
import { onScale } from '../agreement/rating-table.ts'
import { weightedKappa } from '../agreement/weighted-kappa.ts'
import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { sortedOrder } from '../roc/midranks.ts'
import { splitByTruth } from '../roc/structural-components.ts'

/** A metric as a function of how often each patient counts; null where it is not defined on that draw. */
export type ClusterStatistic = (timesDrawn: ArrayLike<number>) => number | null

/**
 * AUC under resampled patients. Units are ranked once; each draw is one pass, O(n).
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
    return positives === 0 || negatives === 0 ? null : won / (positives * negatives)
  }
}

/**
 * Ratio of totals under resampled patients: accuracy, sensitivity, precision, F1. O(patients) a draw.
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
    return b === 0 ? null : a / b
  }
}

/**
 * Weighted kappa under resampled patients, from the patients' own tables: O(patients × cells used) a draw.
 *
 * @throws {RangeError} lengths differ, a grade off the scale
 */
export function kappaStatistic(
  pair: { readonly first: ArrayLike<number>; readonly second: ArrayLike<number>; readonly weights: AgreementWeights },
  clusters: Clusters,
): ClusterStatistic {
  const { first, second, weights } = pair
  const { size } = weights
  assertUnits(clusters, first.length, 'kappaStatistic')
  assertUnits(clusters, second.length, 'kappaStatistic')
  const cells = Int32Array.from(first, (grade, i) => onScale(grade, size) * size + onScale(second[i], size))
  return (timesDrawn) => {
    const counts = new Float64Array(size * size)
    let n = 0
    for (let i = 0; i < cells.length; i++) {
      const times = timesDrawn[clusters.of[i] as number] as number
      const cell = cells[i] as number
      counts[cell] = (counts[cell] as number) + times
      n += times
    }
    const kappa = weightedKappa({ size, counts, n }, weights)
    return typeof kappa === 'string' ? null : kappa.estimate
  }
}
