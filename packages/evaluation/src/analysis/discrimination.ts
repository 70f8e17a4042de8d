import type { AnalysisPlan } from '../analysis-plan.ts'
import { clusteredMean } from '../cluster/clustered-mean.ts'
import type { EvaluationMetric, EvaluationRow, Score } from '../evaluation-row.ts'
import { bootstrapResult, pendingSpec } from './bootstrap-rows.ts'
import type { Judged } from './judged.ts'
import { metricResult } from './metric-result.ts'
import { cumulativeAt, expectedAt, type Pair, pairUp } from './pair.ts'
import type { Pending } from './pending.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

type Out = { rows: EvaluationRow[]; pending: Pending[] }

/**
 * How well grades are told apart: AUC for grade >= k at every cut (of grades; of the model also from P(y >= k)), concordance
 * index, and for the model Hand and Till's M and the ranked probability score.
 *
 * @see methods 2.5, 2.7
 */
export function discrimination(question: Question, judged: Judged, plan: AnalysisPlan): Out {
  const pair = pairUp(question, judged.grades)
  const { code, kind } = judged.comparator
  const out: Out = { rows: [], pending: [] }
  const cuts = Math.min(pair.raterScale, pair.referenceScale) - 1
  for (let cut = 1; cut <= cuts; cut++) {
    const at = { ...pair, raterCut: cut, referenceCut: cut }
    const row = (score: Score, scores?: Float64Array): EvaluationRow =>
      rowOf(
        question,
        { analysis: 'discrimination', comparator: code, metric: 'auc', score, cutGrade: cut },
        metricResult(at, 'auc', { plan, ...(scores ? { scores } : {}) }),
      )
    out.rows.push(row('grades'))
    if (kind === 'model') out.rows.push(row('probability', picked(cumulativeAt(question, code, cut), pair)))
  }
  if (pair.raterScale !== pair.referenceScale || pair.units.length === 0) return out
  out.pending.push(concordanceOfGrades(question, pair, { judged, plan }))
  if (kind === 'model') ofProbabilities(question, pair, { judged, plan, out })
  return out
}

export const picked = (values: Float64Array, { units }: Pick<Pair, 'units'>): Float64Array =>
  Float64Array.from(units, (i) => values[i] as number)

type Of = { judged: Judged; plan: AnalysisPlan }

function waiting(
  question: Question,
  pair: Pair,
  of: Of & { metric: EvaluationMetric; score: Score },
): Pending['rows'][number] {
  const { metric, score, plan } = of
  return (inference) =>
    rowOf(
      question,
      { analysis: 'discrimination', comparator: of.judged.comparator.code, metric, score },
      bootstrapResult(metric, inference, { plan, missing: pair.missing }),
    )
}

function concordanceOfGrades(question: Question, pair: Pair, of: Of): Pending {
  const { truth, rated, raterScale: size } = pair
  const spec = { kind: 'grades', truth, rated, size, metrics: [{ kind: 'concordance' }] } as const
  return pendingSpec(question, pair, {
    spec,
    rows: [waiting(question, pair, { ...of, metric: 'c_index', score: 'grades' })],
  })
}

function ofProbabilities(question: Question, pair: Pair, { judged, plan, out }: Of & { out: Out }): void {
  const { code } = judged.comparator
  const { truth, raterScale: size, clusters } = pair
  const all = question.probabilities.get(code) ?? new Float64Array()
  const at = new Float64Array(pair.units.length * size)
  pair.units.forEach((unit, i) => at.set(all.subarray(unit * size, (unit + 1) * size), i * size))
  const scores = picked(expectedAt(question, code), pair)
  const of = { judged, plan, score: 'probability' } as const
  out.pending.push(
    pendingSpec(question, pair, {
      spec: { kind: 'hand_till', truth, size, at },
      rows: [waiting(question, pair, { ...of, metric: 'hand_till' })],
    }),
    pendingSpec(question, pair, {
      spec: { kind: 'concordance', truth, size, scores },
      rows: [waiting(question, pair, { ...of, metric: 'c_index' })],
    }),
  )
  const { level } = plan.interval
  const inference = clusteredMean(rankedScores({ truth, size, at }), { clusters, level, range: [0, 1] })
  out.rows.push(
    rowOf(
      question,
      { analysis: 'discrimination', comparator: code, metric: 'rps', score: 'probability' },
      resultOf(inference, { method: 'rps/linearised-t', level, missing: pair.missing }),
    ),
  )
}

/** Ranked probability score of each joint: `rankedProbabilityScore` is their mean (methods 2.1). */
function rankedScores({ truth, size, at }: { truth: Int8Array; size: number; at: Float64Array }): Float64Array {
  return Float64Array.from(truth, (grade, i) => {
    let cumulative = 0
    let total = 0
    for (let j = 0; j < size - 1; j++) {
      cumulative += at[i * size + j] as number
      total += (cumulative - (grade <= j ? 1 : 0)) ** 2
    }
    return total / (size - 1)
  })
}
