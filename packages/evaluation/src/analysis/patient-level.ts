import type { AnalysisPlan } from '../analysis-plan.ts'
import { clusteredRatio } from '../cluster/clustered-ratio.ts'
import type { EvaluationRow, Score } from '../evaluation-row.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { clopperPearson } from '../proportion/clopper-pearson.ts'
import { wilson } from '../proportion/wilson.ts'
import { delongCovariance } from '../roc/delong.ts'
import { structuralComponents } from '../roc/structural-components.ts'
import { answersFor, type Judged } from './judged.ts'
import { BINARY, type BinaryMetric, metricCounts } from './metric-result.ts'
import { cumulativeAt, type Pair, pairUp } from './pair.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

/**
 * One verdict a patient, from the joints that both sides have graded: positive when any of them is at the cut or above.
 * Proportions by the plan's interval for independent counts, F1 linearised, AUC of the worst joint by DeLong on the logit
 * scale. The unit of every row is the patient.
 *
 * @see methods 2.2, 2.4, 4 (patient level)
 */
export function patientLevelRows(question: Question, judged: Judged, plan: AnalysisPlan): EvaluationRow[] {
  const { level } = plan.interval
  const own = { analysis: 'patient_level', comparator: judged.comparator.code, cutGrade: question.raterCut } as const
  const rows = BINARY.flatMap((metric) => {
    const by = answersFor(judged, metric)
    if (by === 'no_operating_point') return []
    const pair = pairUp(question, by.answers, { isCall: by.isCall })
    const { inference, interval } = proportion(verdicts(pair), { metric, plan })
    const method = `${metric}-any-joint/${interval}`
    return [
      rowOf(question, { ...own, metric, score: by.score }, resultOf(inference, { method, level, unit: 'patient' })),
    ]
  })
  const grades = pairUp(question, judged.grades)
  const worst = (score: Score, values: ArrayLike<number>): EvaluationRow =>
    rowOf(
      question,
      { ...own, metric: 'auc', score },
      resultOf(patientAuc(grades, values, level), { method: 'auc-worst-joint/delong-logit-t', level, unit: 'patient' }),
    )
  rows.push(worst('grades', grades.rated))
  if (judged.comparator.kind === 'model') {
    const scores = cumulativeAt(question, judged.comparator.code, question.raterCut)
    rows.push(
      worst(
        'probability',
        Float64Array.from(grades.units, (i) => scores[i] as number),
      ),
    )
  }
  return rows
}

/** Worst call and worst truth of each patient, as 0 and 1. */
function verdicts(pair: Pair): { rated: Uint8Array; truth: Uint8Array } {
  const { count, of } = pair.clusters
  const rated = new Uint8Array(count)
  const truth = new Uint8Array(count)
  for (let i = 0; i < of.length; i++) {
    if ((pair.rated[i] as number) >= pair.raterCut) rated[of[i] as number] = 1
    if ((pair.truth[i] as number) >= pair.referenceCut) truth[of[i] as number] = 1
  }
  return { rated, truth }
}

function proportion(
  { rated, truth }: { rated: Uint8Array; truth: Uint8Array },
  { metric, plan }: { metric: BinaryMetric; plan: AnalysisPlan },
): { inference: Inference; interval: string } {
  const { level } = plan.interval
  const grades = { rated: Int8Array.from(rated), truth: Int8Array.from(truth), raterCut: 1, referenceCut: 1 }
  const { numerator, denominator } = metricCounts(grades, metric)
  const each = { of: Int32Array.from(truth.keys()), count: truth.length }
  if (metric === 'f1') {
    const asked = { numerator, denominator, clusters: each, level, domain: 'all', scale: 'logit' } as const
    return { inference: clusteredRatio(asked), interval: 'linearised-logit-t' }
  }
  const [x, n] = [sum(numerator), sum(denominator)]
  const interval = plan.patientLevel.interval === 'wilson' ? 'wilson' : 'clopper-pearson'
  if (n === 0) {
    const reason = { sensitivity: 'no_positives', specificity: 'no_negatives', precision: 'zero_denominator' } as const
    const counted = { n: 0, clusters: 0 }
    return { inference: undefinedEstimate(metric === 'accuracy' ? 'no_units' : reason[metric], counted), interval }
  }
  const limits = interval === 'wilson' ? wilson(x, n, level) : clopperPearson(x, n, level)
  const estimate = x / n
  const base = { estimate, df: null, n, clusters: n, flags: [], reason: null }
  return { inference: { ...base, se: Math.sqrt((estimate * (1 - estimate)) / n), ci: limits }, interval }
}

function sum(values: Uint8Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

function patientAuc(pair: Pair, values: ArrayLike<number>, level: number): Inference {
  const { count, of } = pair.clusters
  const counted = { n: count, clusters: count }
  const scores = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < of.length; i++) {
    const k = of[i] as number
    scores[k] = Math.max(scores[k] as number, values[i] as number)
  }
  const components = structuralComponents(verdicts(pair).truth, scores)
  if (typeof components === 'string') return undefinedEstimate(components, counted)
  const covariance = delongCovariance([components])
  const variance = covariance === 'one_unit_in_class' ? null : (covariance.at[0] as number)
  const inference = waldT({ estimate: components.auc, variance, ...counted, level, range: [0, 1], scale: 'logit' })
  return variance === null ? { ...inference, reason: 'one_unit_in_class' } : inference
}
