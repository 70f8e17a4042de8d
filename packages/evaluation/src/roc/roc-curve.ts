import { sortedOrder } from './midranks.ts'
import { type AucReason, splitByTruth } from './structural-components.ts'

/** A unit is called positive when its score is above the threshold. */
export type RocPoint = {
  /** Midpoint between neighbouring distinct scores; -Infinity calls everything positive, Infinity nothing. */
  readonly threshold: number
  readonly sensitivity: number
  readonly specificity: number
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

/**
 * Empirical ROC curve from the threshold that calls everything to the one that calls nothing; one point per distinct
 * score and one more. Grades 0–3 give three interior points.
 *
 * @throws {RangeError} as `structuralComponents`
 * @see methods 2.4. Oracle: pROC 1.18.0 coords("all")
 */
export function rocCurve(truth: ArrayLike<number>, scores: ArrayLike<number>): RocPoint[] | AucReason {
  const { positives, negatives } = splitByTruth(truth, scores.length)
  const m = positives.length
  const n = negatives.length
  if (m + n === 0) return 'no_units'
  if (m === 0) return 'no_positives'
  if (n === 0) return 'no_negatives'
  const order = sortedOrder(scores)
  const points: RocPoint[] = [point(Number.NEGATIVE_INFINITY, { tp: m, fp: n, m, n })]
  let tp = m
  let fp = n
  for (let i = 0; i < order.length; i++) {
    const unit = order[i] as number
    if (truth[unit] === 1) tp--
    else fp--
    const score = scores[unit] as number
    const next = i + 1 < order.length ? (scores[order[i + 1] as number] as number) : Number.POSITIVE_INFINITY
    const last = i + 1 === order.length
    if (!last && next === score) continue
    points.push(point(last ? Number.POSITIVE_INFINITY : midpoint(score, next), { tp, fp, m, n }))
  }
  return points
}

/** Points with the largest sensitivity + specificity; several when tied. To be chosen on validation, never on test. */
export function youdenPoints(curve: readonly RocPoint[]): RocPoint[] {
  // In whole numbers: the sum of two quotients can differ between points that are equally good.
  const index = ({ tp, fp, tn, fn }: RocPoint): number => tp * (fp + tn) + tn * (tp + fn)
  const best = Math.max(...curve.map(index))
  return curve.filter((one) => index(one) === best)
}

/** Points nearest to sensitivity 1, specificity 1. */
export function topLeftPoints(curve: readonly RocPoint[]): RocPoint[] {
  const distance = (one: RocPoint): number => (1 - one.sensitivity) ** 2 + (1 - one.specificity) ** 2
  const best = Math.min(...curve.map(distance))
  return curve.filter((one) => distance(one) === best)
}

function midpoint(a: number, b: number): number {
  const middle = (a + b) / 2
  return Number.isNaN(middle) ? 0 : middle
}

function point(threshold: number, { tp, fp, m, n }: { tp: number; fp: number; m: number; n: number }): RocPoint {
  return { threshold, sensitivity: tp / m, specificity: (n - fp) / n, tp, fp, tn: n - fp, fn: m - tp }
}
