import type { EvaluationComparator, OperatingPoint } from '../evaluation-document.ts'
import type { Score } from '../evaluation-row.ts'
import type { Metric } from '../metric.ts'
import { isBinary } from './metric-result.ts'
import { callsAt } from './pair.ts'
import type { Question } from './question.ts'

/** Who is judged on a question, and by what: grades for readers; for a model its grades, and its calls where it has a threshold. */
export type Judged = {
  readonly comparator: EvaluationComparator
  readonly grades: Int8Array
  /** 0 and 1 at the operating point; null for readers, and for a model without one. */
  readonly calls: Int8Array | null
}

/** Comparators of the question that are judged against the reference. */
export function judgedOn(
  question: Question,
  comparators: readonly EvaluationComparator[],
  points: readonly OperatingPoint[],
): Judged[] {
  return comparators.flatMap((comparator) => {
    if (comparator.kind === 'reference_reader' || comparator.kind === 'repeat_reader') return []
    const grades = question.answers.get(comparator.code)
    if (grades === undefined) return []
    return [{ comparator, grades, calls: callsOf(question, comparator, points) }]
  })
}

function callsOf(
  question: Question,
  { code, kind }: EvaluationComparator,
  points: readonly OperatingPoint[],
): Int8Array | null {
  if (kind !== 'model') return null
  const point = points.find(
    (one) => one.comparator === code && one.modality === question.modality && one.feature === question.feature,
  )
  return point === undefined || point.threshold === null ? null : callsAt(question, code, point.threshold)
}

/** A model's binary metrics are those of its calls, everything else of its grades; a reader has grades alone. */
export function answersFor(
  judged: Judged,
  metric: Metric,
): { answers: Int8Array; isCall: boolean; score: Score } | 'no_operating_point' {
  if (judged.comparator.kind !== 'model' || !isBinary(metric)) {
    return { answers: judged.grades, isCall: false, score: 'grades' }
  }
  return judged.calls === null
    ? 'no_operating_point'
    : { answers: judged.calls, isCall: true, score: 'operating_point' }
}
