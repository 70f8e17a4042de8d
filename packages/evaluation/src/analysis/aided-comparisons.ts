import type { AnalysisPlan } from '../analysis-plan.ts'
import type { EvaluationRow } from '../evaluation-row.ts'
import { type Inference, undefinedEstimate } from '../inference.ts'
import { Metric } from '../metric.ts'
import { components } from '../mrmc/components.ts'
import type { Contrast } from '../mrmc/contrast.ts'
import { fixedReaders } from '../mrmc/fixed-readers.ts'
import { randomReaders } from '../mrmc/random-readers.ts'
import type { Reason } from '../reason.ts'
import { jointEstimates } from './joint-estimates.ts'
import { cutOf, differenceMethod, pairedDifference } from './model-comparisons.ts'
import { unitsGraded } from './pair.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

/** The same reader's first reading and a later, aided one. */
export type AidedReader = { readonly code: string; readonly aidedCode: string }

/**
 * Aided less unaided: each reader alone on the joints read both times, then the panel on the joints that all read both times,
 * fixed readers first.
 *
 * @see methods 2.6 (two tests, readers crossed)
 */
export function aidedVersusUnaided(
  question: Question,
  readers: readonly AidedReader[],
  of: { readonly group: string; readonly round: string; readonly plan: AnalysisPlan },
): EvaluationRow[] {
  const { group, round, plan } = of
  const { level } = plan.interval
  const answersOf = (code: string): Int8Array => {
    const answers = question.answers.get(code)
    if (answers === undefined) throw new RangeError(`no answers of ${code}`)
    return answers
  }
  const key = (metric: Metric) =>
    ({ analysis: 'aided_vs_unaided', metric, score: 'grades', cutGrade: cutOf(question, metric) }) as const
  return Metric.options.flatMap((metric) => {
    const alone = readers.map(({ code, aidedCode }) => {
      const raters = [aidedCode, code].map((one) => ({ answers: answersOf(one), isCall: false }))
      const units = unitsGraded(
        question,
        raters.map(({ answers }) => answers),
      )
      const inference = pairedDifference(question, metric, { raters, units, plan })
      return rowOf(
        question,
        { ...key(metric), comparator: aidedCode, against: code },
        resultOf(inference, { method: differenceMethod(metric, plan), level }),
      )
    })
    const codes = [...readers.map(({ aidedCode }) => aidedCode), ...readers.map(({ code }) => code)]
    const panel = panelRows(question, codes.map(answersOf), { metric, plan }).map(({ target, inference }) =>
      rowOf(
        question,
        { ...key(metric), comparator: `panel:${group}~${round}`, against: `panel:${group}` },
        resultOf(inference, {
          method: `${metric.replaceAll('_', '-')}-difference/obuchowski-rockette-${target.replace('_', '-')}`,
          level,
          target,
        }),
      ),
    )
    return [...alone, ...panel]
  })
}

type Tested = Inference & { readonly p: number | null }

function panelRows(
  question: Question,
  answers: readonly Int8Array[],
  { metric, plan }: { metric: Metric; plan: AnalysisPlan },
): { target: 'fixed_readers' | 'random_readers'; inference: Tested }[] {
  const targets = ['fixed_readers', 'random_readers'] as const
  const { level } = plan.interval
  const units = unitsGraded(question, answers)
  const raters = answers.map((one) => ({ answers: one, isCall: false }))
  const estimates = jointEstimates(question, metric, { raters, units, plan })
  if ('reason' in estimates) {
    const inference = { ...undefinedEstimate(estimates.reason, estimates), p: null }
    return targets.map((target) => ({ target, inference }))
  }
  const { theta, covariance, n, clusters } = estimates
  const half = theta.length / 2
  const study = { theta: [theta.slice(0, half), theta.slice(half)], covariance }
  const fixed = fixedReaders(study, level)
  const random = randomReaders(components(study), level)
  return targets.map((target) => {
    const analysis = target === 'fixed_readers' ? fixed : random
    return { target, inference: contrasted(analysis, { theta, n, clusters }) }
  })
}

function contrasted(
  analysis: { differences: readonly Contrast[] } | Reason,
  { theta, n, clusters }: { theta: readonly number[]; n: number; clusters: number },
): Tested {
  const half = theta.length / 2
  const difference = theta.reduce((sum, one, i) => sum + (i < half ? one : -one), 0) / half
  const base = { estimate: difference, n, clusters, flags: clusters < 20 ? (['few_clusters'] as const) : [] }
  const found = typeof analysis === 'string' ? undefined : analysis.differences[0]
  if (found === undefined || found.ci === null) {
    const reason = typeof analysis === 'string' ? analysis : 'zero_variance'
    return { ...base, se: null, ci: null, df: null, p: null, reason }
  }
  const { se, ci, df, p } = found
  return { ...base, se, ci, df, p, reason: null }
}
