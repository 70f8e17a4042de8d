import { sortedOrder } from './midranks.ts'
import { type AucReason, splitByTruth } from './structural-components.ts'

/** A unit is called positive when its score is at or above the threshold. */
export type PrecisionRecallPoint = { readonly threshold: number; readonly precision: number; readonly recall: number }

/**
 * Precision and recall at every distinct score, thresholds rising.
 *
 * @throws {RangeError} as `structuralComponents`
 * @see methods 1 (average precision is a step sum). Oracle: scikit-learn 1.2.1 precision_recall_curve
 */
export function precisionRecallCurve(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallPoint[] | AucReason {
  const { positives } = splitByTruth(truth, scores.length)
  if (scores.length === 0) return 'no_units'
  if (positives.length === 0) return 'no_positives'
  const order = sortedOrder(scores)
  const points: PrecisionRecallPoint[] = []
  let tp = 0
  for (let i = order.length - 1, called = 1; i >= 0; i--, called++) {
    const unit = order[i] as number
    if (truth[unit] === 1) tp++
    const threshold = scores[unit] as number
    if (i > 0 && scores[order[i - 1] as number] === threshold) continue
    points.push({ threshold, precision: tp / called, recall: tp / positives.length })
  }
  return points.reverse()
}

/**
 * Average precision: sum over thresholds of (recall gained) × precision; a step sum, not a trapezoid.
 *
 * @see Oracle: scikit-learn 1.2.1 average_precision_score
 */
export function averagePrecision(curve: readonly PrecisionRecallPoint[]): number {
  let total = 0
  for (let i = 0; i < curve.length; i++) {
    const { precision, recall } = curve[i] as PrecisionRecallPoint
    total += precision * (recall - (curve[i + 1]?.recall ?? 0))
  }
  return total
}
