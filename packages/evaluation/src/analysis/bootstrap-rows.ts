import type { AnalysisPlan } from '../analysis-plan.ts'
import type { BootstrapInference } from '../bootstrap/bootstrap-inference.ts'
import type { StatisticSpec } from '../bootstrap/bootstrap-job.ts'
import type { GradeMetric } from '../bootstrap/grade-metric.ts'
import type { EvaluationMetric, RowKey } from '../evaluation-row.ts'
import { Metric } from '../metric.ts'
import type { Reason } from '../reason.ts'
import type { Result } from '../result.ts'
import { answersFor, type Judged } from './judged.ts'
import { isBinary, metricCounts, positivesOf } from './metric-result.ts'
import { type Pair, pairUp } from './pair.ts'
import type { Pending } from './pending.ts'
import { scoresAt } from './performance.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

/** A bootstrap interval in the result contract. */
export function bootstrapResult(
  metric: EvaluationMetric,
  inference: BootstrapInference,
  of: { readonly plan: AnalysisPlan } & Partial<Pick<Result, 'missing' | 'unit'>>,
): Result {
  const { bootstrap, level } = of.plan.interval
  const reason = inference.reason === 'no_units' && inference.n > 0 ? undefinedReason(metric) : inference.reason
  return resultOf(
    { ...inference, reason },
    {
      ...of,
      method: `${metric.replaceAll('_', '-')}/${inference.method}`,
      level,
      seed: bootstrap.seed,
      bootstrap: { replicates: bootstrap.replicates, undefined: inference.undefinedReplicates },
    },
  )
}

/** Why a metric of units that are there is not defined; the resampled statistic says only that it is not. */
function undefinedReason(metric: EvaluationMetric): Reason {
  switch (metric) {
    case 'sensitivity':
      return 'no_positives'
    case 'specificity':
      return 'no_negatives'
    case 'precision':
    case 'f1':
      return 'zero_denominator'
    case 'auc':
    case 'hand_till':
    case 'c_index':
      return 'one_class'
    default:
      return 'one_category'
  }
}

/** The second line of `performance`: the same metrics with the interval of the cluster bootstrap. */
export function performanceBootstrap(question: Question, judged: Judged, plan: AnalysisPlan): Pending[] {
  const pending: Pending[] = []
  const grades = pairUp(question, judged.grades)
  const ofGrades = Metric.options.filter((metric) => judged.comparator.kind !== 'model' || !isBinary(metric))
  pending.push(...pendingOf(question, grades, { judged, metrics: ofGrades, plan, isCall: false }))
  if (judged.comparator.kind !== 'model') return pending
  const by = answersFor(judged, 'accuracy')
  if (by !== 'no_operating_point') {
    const calls = pairUp(question, by.answers, { isCall: true })
    pending.push(
      ...pendingOf(question, calls, { judged, metrics: Metric.options.filter(isBinary), plan, isCall: true }),
    )
  }
  const scores = scoresAt(question, judged.comparator.code, grades)
  const truth = positivesOf(grades.truth, grades.referenceCut)
  const row = rowFor(question, grades, { judged, plan, score: 'probability' })
  pending.push(pendingSpec(question, grades, { spec: { kind: 'auc', truth, scores }, rows: [row('auc')] }))
  return pending
}

type Asked = {
  readonly judged: Judged
  readonly metrics: readonly Metric[]
  readonly plan: AnalysisPlan
  readonly isCall: boolean
}

/** On one scale a single table a draw serves every metric; on two, each metric is a ratio of its own. */
function pendingOf(question: Question, pair: Pair, { judged, metrics, plan, isCall }: Asked): Pending[] {
  if (metrics.length === 0 || pair.units.length === 0) return []
  const row = rowFor(question, pair, { judged, plan, score: isCall ? 'operating_point' : 'grades' })
  if (!isCall && pair.raterScale === pair.referenceScale && pair.raterCut === pair.referenceCut) {
    const size = pair.raterScale
    const asked = metrics.map((metric) => gradeMetricOf(metric, pair.raterCut, plan))
    const spec = { kind: 'grades', truth: pair.truth, rated: pair.rated, size, metrics: asked } as const
    return [pendingSpec(question, pair, { spec, rows: metrics.map(row) })]
  }
  return metrics.flatMap((metric) => {
    const spec = specAcrossScales(pair, metric)
    return spec === null ? [] : [pendingSpec(question, pair, { spec, rows: [row(metric)] })]
  })
}

function specAcrossScales(pair: Pair, metric: Metric): StatisticSpec | null {
  if (metric === 'auc') {
    const truth = positivesOf(pair.truth, pair.referenceCut)
    return { kind: 'auc', truth, scores: Float64Array.from(pair.rated) }
  }
  if (!isBinary(metric)) return null
  const { numerator, denominator } = metricCounts(pair, metric)
  return { kind: 'ratio', numerator: Float64Array.from(numerator), denominator: Float64Array.from(denominator) }
}

function gradeMetricOf(metric: Metric, cut: number, plan: AnalysisPlan): GradeMetric {
  switch (metric) {
    case 'weighted_kappa':
      return { kind: 'kappa', scheme: plan.kappaWeights }
    case 'gwet_ac2':
      return { kind: 'gwet', scheme: 'quadratic' }
    case 'exact_agreement':
      return { kind: 'exact' }
    default:
      return { kind: metric, cut }
  }
}

function rowFor(
  question: Question,
  pair: Pair,
  of: { judged: Judged; plan: AnalysisPlan; score: NonNullable<RowKey['score']> },
) {
  return (metric: Metric) => (inference: BootstrapInference) =>
    rowOf(
      question,
      {
        analysis: 'performance_bootstrap',
        comparator: of.judged.comparator.code,
        metric,
        score: of.score,
        cutGrade: metric === 'auc' || isBinary(metric) ? question.raterCut : null,
      },
      bootstrapResult(metric, inference, { plan: of.plan, missing: pair.missing }),
    )
}

/** A statistic on the units of a pair, drawn with all patients of the evaluation. */
export function pendingSpec(
  question: Question,
  pair: Pick<Pair, 'units' | 'clusters'>,
  of: { readonly spec: StatisticSpec; readonly rows: Pending['rows'] },
): Pending {
  const patients = Int32Array.from(pair.units, (i) => question.patient[i] as number)
  return { spec: { ...of.spec, of: patients }, n: pair.units.length, clusters: pair.clusters.count, rows: of.rows }
}
