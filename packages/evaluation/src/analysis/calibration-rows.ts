import type { AnalysisPlan } from '../analysis-plan.ts'
import { decisionCurve, treatAllOrNone } from '../calibration/decision-curve.ts'
import { type Coefficient, logisticRecalibration } from '../calibration/logistic-recalibration.ts'
import { reliabilityBins } from '../calibration/reliability-bins.ts'
import { clusteredMean } from '../cluster/clustered-mean.ts'
import type { EvaluationDocument } from '../evaluation-document.ts'
import type { EvaluationMetric, EvaluationRow } from '../evaluation-row.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { bootstrapResult, pendingSpec } from './bootstrap-rows.ts'
import { picked } from './discrimination.ts'
import type { Judged } from './judged.ts'
import { positivesOf } from './metric-result.ts'
import { cumulativeAt, type Pair, pairUp } from './pair.ts'
import type { Pending } from './pending.ts'
import type { Question } from './question.ts'
import { digits, resultOf, rowOf } from './row.ts'

type Figures = Pick<EvaluationDocument, 'calibration' | 'decisionCurves'>
type Out = Figures & { rows: EvaluationRow[]; pending: Pending[] }

/**
 * Calibration of the model's P(y >= k) at every cut: Brier score, calibration in the large, intercept and slope, expected
 * calibration error on ten fixed bins with their table; decision curves at the protocol's cut where the plan asks for them.
 *
 * @see methods 2.10
 */
export function calibrationRows(question: Question, judged: Judged, plan: AnalysisPlan): Out {
  const out: Out = { rows: [], pending: [], calibration: [], decisionCurves: [] }
  const pair = pairUp(question, judged.grades)
  if (pair.units.length === 0) return out
  const cuts = Math.min(pair.raterScale, pair.referenceScale) - 1
  for (let cut = 1; cut <= cuts; cut++) atCut(question, pair, { judged, plan, cut, out })
  curves(question, pair, { judged, plan, out })
  return out
}

type At = { judged: Judged; plan: AnalysisPlan; cut: number; out: Out }

function atCut(question: Question, pair: Pair, { judged, plan, cut, out }: At): void {
  const { code } = judged.comparator
  const { clusters, missing } = pair
  const { level } = plan.interval
  const truth = positivesOf(pair.truth, cut)
  const probabilities = picked(cumulativeAt(question, code, cut), pair)
  const key = { analysis: 'calibration', comparator: code, score: 'probability', cutGrade: cut } as const
  const row = (metric: EvaluationMetric, inference: Inference, interval: string): EvaluationRow =>
    rowOf(
      question,
      { ...key, metric },
      resultOf(inference, { method: `${metric.replaceAll('_', '-')}/${interval}`, level, missing }),
    )
  const squares = probabilities.map((p, i) => (p - (truth[i] as number)) ** 2)
  out.rows.push(row('brier', clusteredMean(squares, { clusters, level, range: [0, 1] }), 'linearised-t'))
  out.rows.push(
    ...recalibration({ truth, probabilities, pair, level }).map(([metric, one]) =>
      row(metric, one, 'cluster-robust-t'),
    ),
  )
  out.pending.push(
    pendingSpec(question, pair, {
      spec: { kind: 'ece', truth, probabilities, bins: plan.calibration.bins },
      rows: [
        (inference) => rowOf(question, { ...key, metric: 'ece' }, bootstrapResult('ece', inference, { plan, missing })),
      ],
    }),
  )
  const { bins } = plan.calibration
  out.calibration.push({
    ...figureKey(question, code),
    cutGrade: cut,
    bins: reliabilityBins(truth, probabilities, { bins, closed: 'left' }).map(({ bin, ...one }) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      n: one.n,
      meanProbability: digits(one.meanProbability),
      shareOfPositives: digits(one.shareOfPositives),
    })),
  })
}

type Fit = { truth: Uint8Array; probabilities: Float64Array; pair: Pair; level: number }

function recalibration({ truth, probabilities, pair, level }: Fit): [EvaluationMetric, Inference][] {
  const counted = { n: pair.units.length, clusters: pair.clusters.count }
  const fit = logisticRecalibration(truth, probabilities, { clusters: pair.clusters })
  const metrics = ['calibration_in_the_large', 'calibration_intercept', 'calibration_slope'] as const
  if (typeof fit === 'string') return metrics.map((metric) => [metric, undefinedEstimate(fit, counted)])
  const inference = ({ estimate, clusteredSe }: Coefficient): Inference =>
    waldT({
      estimate,
      variance: clusteredSe === null ? null : clusteredSe ** 2,
      ...counted,
      level,
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    })
  return [
    ['calibration_in_the_large', inference(fit.inTheLarge)],
    ['calibration_intercept', inference(fit.intercept)],
    ['calibration_slope', inference(fit.slope)],
  ]
}

function curves(
  question: Question,
  pair: Pair,
  { judged, plan, out }: { judged: Judged; plan: AnalysisPlan; out: Out },
): void {
  const { modality, feature } = question
  const { code } = judged.comparator
  const rule = plan.decisionCurves.find((one) => one.modalities.includes(modality) && one.features.includes(feature))
  if (rule === undefined) return
  const count = Math.floor((rule.to - rule.from) / rule.step + 1e-9) + 1
  const thresholds = Array.from({ length: count }, (_, i) => digits(rule.from + i * rule.step))
  const truth = positivesOf(pair.truth, pair.referenceCut)
  const probabilities = picked(cumulativeAt(question, code, question.raterCut), pair)
  const prevalence = truth.reduce((sum, one) => sum + one, 0) / truth.length
  const model = decisionCurve(truth, probabilities, thresholds)
  const { all } = treatAllOrNone(prevalence, thresholds)
  out.decisionCurves.push({
    ...figureKey(question, code),
    cutGrade: question.raterCut,
    prevalence: digits(prevalence),
    n: truth.length,
    points: thresholds.map((threshold, i) => ({
      threshold,
      model: digits(model[i]?.netBenefit ?? 0),
      all: digits(all[i]?.netBenefit ?? 0),
    })),
  })
}

export const figureKey = ({ modality, referenceModality, feature }: Question, comparator: string) => ({
  comparator,
  modality,
  referenceModality,
  feature,
})
