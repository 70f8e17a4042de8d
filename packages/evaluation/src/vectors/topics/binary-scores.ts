import { brierScore } from '../../calibration/brier-score.ts'
import { quantileBins, type ReliabilityBin, reliabilityBins } from '../../calibration/reliability-bins.ts'
import { partialAuc } from '../../roc/partial-auc.ts'
import { averagePrecision, precisionRecallCurve } from '../../roc/precision-recall.ts'
import { rocCurve } from '../../roc/roc-curve.ts'
import { defined } from '../answers.ts'
import type { Json } from '../json.ts'
import { aucOf } from '../scored-units.ts'
import { completeRows, type EntryContext, type Topic } from '../vector-input.ts'

/** scikit-learn keeps the point at which nothing is called, and every threshold; rising false-positive rates. */
function sklearnCurve({ input }: EntryContext): Json {
  const rows = completeRows(input, ['y', 's'])
  const points = defined(rocCurve(rows.y, rows.s))
  if (points === null) return null
  const falling = [...points].reverse()
  const thresholds = [...new Set(rows.s)].sort((a, b) => b - a)
  return {
    fpr: falling.map((one) => 1 - one.specificity),
    tpr: falling.map((one) => one.sensitivity),
    thresholds: [Number.POSITIVE_INFINITY, ...thresholds],
  }
}

function bins(
  context: EntryContext,
  table: (truth: number[], scores: number[], count: number) => ReliabilityBin[],
): Json {
  const rows = completeRows(context.input, ['y', 's'])
  const found = table(rows.y, rows.s, context.named[0] ?? 10)
  return { frac_pos: found.map((one) => one.shareOfPositives), mean_pred: found.map((one) => one.meanProbability) }
}

export const binaryScoresTopic: Topic = {
  auc: aucOf('s'),
  roc_curve: sklearnCurve,
  pr_curve: ({ input }) => {
    const rows = completeRows(input, ['y', 's'])
    const points = defined(precisionRecallCurve(rows.y, rows.s))
    if (points === null) return null
    return {
      precision: [...points.map((one) => one.precision), 1],
      recall: [...points.map((one) => one.recall), 0],
      thresholds: points.map((one) => one.threshold),
    }
  },
  average_precision: ({ input }) => {
    const rows = completeRows(input, ['y', 's'])
    const points = defined(precisionRecallCurve(rows.y, rows.s))
    return points && averagePrecision(points)
  },
  'partial_auc_maxfpr_*_mcclish_standardised': ({ input, named }) => {
    const rows = completeRows(input, ['y', 's'])
    const points = defined(rocCurve(rows.y, rows.s))
    return points && partialAuc(points, 'specificity', 1 - (named[0] ?? 1)).standardised
  },
  brier: ({ input }) => {
    const rows = completeRows(input, ['y', 's'])
    return brierScore(rows.y, rows.s).score
  },
  'calibration_curve_uniform_*': (of) =>
    bins(of, (y, s, count) => reliabilityBins(y, s, { bins: count, closed: 'right' })),
  'calibration_curve_quantile_*': (of) => bins(of, (y, s, count) => quantileBins(y, s, count)),
}
