import type { AnalysisPlan } from '../analysis-plan.ts'
import type { EvaluationRow, RowKey } from '../evaluation-row.ts'
import { undefinedEstimate } from '../inference.ts'
import { Metric } from '../metric.ts'
import { answersFor, type Judged } from './judged.ts'
import { isBinary, methodId, metricResult } from './metric-result.ts'
import { assumedAnswers, droppedPatients, type MissingRule } from './missing-rule.ts'
import { cumulativeAt, missingOf, type Pair, pairUp } from './pair.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

type Kept = (unit: number) => boolean
export type Limits = {
  readonly analysis: 'performance' | 'subgroup'
  readonly subgroup?: RowKey['subgroup']
  readonly isKept?: Kept
  readonly metrics?: readonly Metric[]
}

/**
 * A comparator against the reference: every metric at the protocol's cut grade and on the grades. A model's AUC comes twice,
 * from its probability and from its grades, since a reader has grades alone and like is compared with like.
 */
export function performance(
  question: Question,
  judged: Judged,
  plan: AnalysisPlan,
  limits: Limits = { analysis: 'performance' },
): EvaluationRow[] {
  const { isKept } = limits
  return (limits.metrics ?? Metric.options).flatMap((metric) => {
    const own = keyOf(question, judged, { metric, limits })
    const by = answersFor(judged, metric)
    if (by === 'no_operating_point') return [withoutPoint(question, own, { judged, metric, plan })]
    const pair = pairUp(question, by.answers, { isCall: by.isCall, ...(isKept ? { isKept } : {}) })
    const rows = [rowOf(question, { ...own, score: by.score }, metricResult(pair, metric, { plan }))]
    if (metric === 'auc' && judged.comparator.kind === 'model') {
      const scores = scoresAt(question, judged.comparator.code, pair)
      rows.push(rowOf(question, { ...own, score: 'probability' }, metricResult(pair, metric, { plan, scores })))
    }
    return rows
  })
}

/** P(y >= cut) of the model at the units of a pair. */
export function scoresAt(question: Question, model: string, pair: Pick<Pair, 'units'>): Float64Array {
  const all = cumulativeAt(question, model, question.raterCut)
  return Float64Array.from(pair.units, (i) => all[i] as number)
}

/**
 * The plan's second lines on what raters left open, beside the primary rule that leaves the cell out. `as_wrong`: the wrong
 * call (binary metrics), the end of the scale farthest from the truth (grades). `as_right`: the right call, the grade of the
 * truth. `drop_patient`: every patient with an open cell is out of that comparison. Cells that the reference leaves open stay
 * out: there is nothing to be right about. `missing` stays that of the data. A probability cannot be assumed: grades alone.
 *
 * @see methods 4 (missing: primary rule plus worst, best, drop)
 */
export function missingSensitivity(question: Question, judged: Judged, plan: AnalysisPlan): EvaluationRow[] {
  return plan.missing.sensitivity.flatMap((rule) =>
    Metric.options.flatMap((metric) => {
      const by = answersFor(judged, metric)
      if (by === 'no_operating_point') return []
      const pair = pairUnder(question, { ...by, metric, rule })
      const result = metricResult(pair, metric, { plan })
      const own = keyOf(question, judged, { metric, limits: { analysis: 'performance' } })
      const method = `${result.method}/missing-${rule.replace('_', '-')}`
      return [rowOf(question, { ...own, score: by.score, missingRule: rule }, { ...result, method })]
    }),
  )
}

function pairUnder(
  question: Question,
  of: { answers: Int8Array; isCall: boolean; metric: Metric; rule: MissingRule },
): Pair {
  const missing = missingOf(question, of.answers)
  if (of.rule === 'drop_patient') {
    const dropped = droppedPatients(question, of.answers)
    const isKept: Kept = (unit) => !dropped.has(question.patient[unit] as number)
    return pairUp(question, of.answers, { isCall: of.isCall, isKept, missing })
  }
  const aim = of.isCall ? 'binary_call' : isBinary(of.metric) ? 'call' : 'grade'
  const answers = assumedAnswers(question, of.answers, { rule: of.rule, aim })
  return pairUp(question, answers, { isCall: of.isCall, missing })
}

function keyOf(question: Question, judged: Judged, of: { metric: Metric; limits: Limits }) {
  return {
    analysis: of.limits.analysis,
    comparator: judged.comparator.code,
    metric: of.metric,
    cutGrade: of.metric === 'auc' || isBinary(of.metric) ? question.raterCut : null,
    subgroup: of.limits.subgroup ?? null,
  } as const
}

function withoutPoint(
  question: Question,
  own: ReturnType<typeof keyOf>,
  { judged, metric, plan }: { judged: Judged; metric: Metric; plan: AnalysisPlan },
): EvaluationRow {
  const pair = pairUp(question, judged.grades)
  const counted = { n: pair.units.length, clusters: pair.clusters.count }
  return rowOf(
    question,
    { ...own, score: 'operating_point' },
    resultOf(undefinedEstimate('no_operating_point', counted), {
      method: methodId(metric, plan),
      level: plan.interval.level,
      missing: pair.missing,
    }),
  )
}
