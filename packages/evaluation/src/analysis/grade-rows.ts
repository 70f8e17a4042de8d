import type { AnalysisPlan } from '../analysis-plan.ts'
import { type ClassedUnits, clusteredClassMetrics, clusteredMacro } from '../cluster/clustered-class-metrics.ts'
import { clusteredMean } from '../cluster/clustered-mean.ts'
import { macroAverage } from '../counts/class-averages.ts'
import type { EvaluationMetric, EvaluationRow } from '../evaluation-row.ts'
import type { Inference } from '../inference.ts'
import { bootstrapResult, pendingSpec } from './bootstrap-rows.ts'
import type { Judged } from './judged.ts'
import { type Pair, pairUp } from './pair.ts'
import type { Pending } from './pending.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

const CLASS_METRICS = [
  ['precision', 'class_precision', 'macro_precision'],
  ['recall', 'class_recall', 'macro_recall'],
  ['f1', 'class_f1', 'macro_f1'],
] as const

/**
 * Each grade as a class: precision, recall, F1; their macro means over the declared scale (an undefined class counts 0, and
 * then the mean has no interval), balanced accuracy over the grades present in the truth, errors in grades. Nothing where
 * the rater and the reference have different scales.
 *
 * @see methods 2.1, 2.3
 */
export function gradeRows(
  question: Question,
  judged: Judged,
  plan: AnalysisPlan,
): { rows: EvaluationRow[]; pending: Pending[] } {
  const pair = pairUp(question, judged.grades)
  if (pair.raterScale !== pair.referenceScale || pair.units.length === 0) return { rows: [], pending: [] }
  const { level } = plan.interval
  const { truth, rated, clusters } = pair
  const size = pair.raterScale
  const units: ClassedUnits = { truth, called: rated, size, clusters, level }
  const row = rowMaker(question, judged, { pair, plan })
  const rows = CLASS_METRICS.flatMap(([metric, ofClass, ofAll]) => {
    const classes = clusteredClassMetrics(units, metric)
    const whole = macroOf(units, metric, classes)
    return [...classes.map((one, grade) => row(ofClass, one, { grade })), row(ofAll, whole)]
  })
  const present = [...new Set(truth)].toSorted((a, b) => a - b)
  const error = Float64Array.from(rated, (grade, i) => Math.abs(grade - (truth[i] as number)))
  const near = error.map((steps) => (steps <= 1 ? 1 : 0))
  rows.push(
    row('balanced_accuracy', clusteredMacro(units, 'recall', present)),
    row('mean_absolute_error', clusteredMean(error, { clusters, level, range: [0, size - 1] })),
    row('within_one_grade', clusteredMean(near, { clusters, level, range: [0, 1] })),
  )
  const mcc = pendingSpec(question, pair, {
    spec: { kind: 'grades', truth, rated, size, metrics: [{ kind: 'mcc' }] },
    rows: [
      (inference) =>
        rowOf(
          question,
          { analysis: 'grades', comparator: judged.comparator.code, metric: 'mcc', score: 'grades' },
          bootstrapResult('mcc', inference, { plan, missing: pair.missing }),
        ),
    ],
  })
  return { rows, pending: [mcc] }
}

/** With an undefined class the mean counts it 0, as scikit-learn does, and has no linearisation: the reason says so. */
function macroOf(units: ClassedUnits, metric: 'precision' | 'recall' | 'f1', classes: readonly Inference[]): Inference {
  const macro = clusteredMacro(units, metric)
  if (macro.estimate !== null) return macro
  const { value } = macroAverage(classes.map(({ estimate }) => estimate))
  return { ...macro, estimate: value, reason: 'zero_denominator', flags: ['zero_denominator'] }
}

function rowMaker(question: Question, judged: Judged, of: { pair: Pair; plan: AnalysisPlan }) {
  return (metric: EvaluationMetric, inference: Inference, own: { grade?: number } = {}): EvaluationRow =>
    rowOf(
      question,
      { analysis: 'grades', comparator: judged.comparator.code, metric, score: 'grades', ...own },
      resultOf(inference, {
        method: `${metric.replaceAll('_', '-')}/linearised-t`,
        level: of.plan.interval.level,
        missing: of.pair.missing,
      }),
    )
}
