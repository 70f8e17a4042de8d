import { agreementWeights } from '../agreement/agreement-weights.ts'
import { clusteredKappa, kappaInfluence } from '../agreement/clustered-kappa.ts'
import { clusteredGwet, gwetInfluence } from '../agreement/gwet-coefficient.ts'
import type { AnalysisPlan } from '../analysis-plan.ts'
import { differenceOfEstimators } from '../cluster/clustered-difference.ts'
import { clusteredRatio } from '../cluster/clustered-ratio.ts'
import type { EvaluationRow, RowKey } from '../evaluation-row.ts'
import { type Inference, undefinedEstimate } from '../inference.ts'
import { allPatientsBound } from '../proportion/all-patients-bound.ts'
import type { Flag } from '../reason.ts'
import type { MissingCells } from '../result.ts'
import { clustersAt } from './pair.ts'
import { NOT_APPLICABLE, NOT_ASSESSABLE, type Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

/** Two sets of answers to one question: two raters, or one rater twice. */
export type TwoRaters = { readonly first: string; readonly second: string }

const METRICS = ['weighted_kappa', 'gwet_ac2', 'exact_agreement'] as const
export type AgreementMetric = (typeof METRICS)[number]

type Own = Pick<RowKey, 'analysis' | 'comparator' | 'against'> & Partial<RowKey>

/**
 * Agreement of two raters with each other: weighted kappa, AC2 and exact agreement, clustered in patients. A cell that one of
 * them left open is out, and counted.
 *
 * @see methods 2.8
 */
export function pairAgreement(
  question: Question,
  raters: TwoRaters,
  of: { readonly own: Own; readonly plan: AnalysisPlan; readonly isKept?: (unit: number) => boolean },
): EvaluationRow[] {
  const isKept = of.isKept ?? (() => true)
  const [first, second] = [answersOf(question, raters.first), answersOf(question, raters.second)]
  const units = Int32Array.from(bothGraded(first, second)).filter((unit) => isKept(unit))
  const missing = openIn(first, second, isKept)
  const { level } = of.plan.interval
  return METRICS.map((metric) => {
    const inference = estimate(question, { first, second, units, metric, plan: of.plan })
    return rowOf(
      question,
      { referenceModality: null, score: 'grades', ...of.own, metric },
      resultOf(inference, {
        method: agreementMethod(metric, of.plan),
        level,
        missing,
        flags: unusedCategory(question, { first, second, units, metric }),
        bound: metric === 'exact_agreement' ? allPatientsBound(inference, level) : null,
      }),
    )
  })
}

function answersOf(question: Question, code: string): Int8Array {
  const answers = question.answers.get(code)
  if (answers === undefined) throw new RangeError(`no answers of ${code}`)
  return answers
}

function* bothGraded(first: Int8Array, second: Int8Array): Generator<number> {
  for (let i = 0; i < first.length; i++) if ((first[i] as number) >= 0 && (second[i] as number) >= 0) yield i
}

function openIn(first: Int8Array, second: Int8Array, isKept: (unit: number) => boolean): MissingCells {
  const missing = { raterNotAssessable: 0, raterNotGraded: 0, referenceNotAssessable: 0, referenceNotGraded: 0 }
  for (let i = 0; i < first.length; i++) {
    const both = [first[i] as number, second[i] as number]
    if (!isKept(i) || both.includes(NOT_APPLICABLE) || both.every((one) => one >= 0)) continue
    missing[both.includes(NOT_ASSESSABLE) ? 'raterNotAssessable' : 'raterNotGraded']++
  }
  return missing
}

type Asked = {
  readonly first: Int8Array
  readonly second: Int8Array
  readonly units: Int32Array
  readonly metric: AgreementMetric
}

function estimate(
  question: Question,
  { first, second, units, metric, plan }: Asked & { plan: AnalysisPlan },
): Inference {
  const clusters = clustersAt(question, units)
  const { level, proportions } = plan.interval
  if (units.length === 0) return undefinedEstimate('no_units', { n: 0, clusters: 0 })
  const grades = {
    first: Int8Array.from(units, (i) => first[i] as number),
    second: Int8Array.from(units, (i) => second[i] as number),
  }
  if (metric === 'weighted_kappa') {
    return clusteredKappa({ ...grades, weights: weightsOf(question, metric, plan) }, clusters, level)
  }
  if (metric === 'gwet_ac2')
    return clusteredGwet({ ...grades, weights: weightsOf(question, metric, plan) }, clusters, level)
  const numerator = Uint8Array.from(grades.first, (grade, i) => (grade === grades.second[i] ? 1 : 0))
  const denominator = new Uint8Array(units.length).fill(1)
  const scale = proportions === 'linearised_t' ? 'identity' : 'logit'
  return clusteredRatio({ numerator, denominator, clusters, level, domain: 'all', scale })
}

const weightsOf = (question: Question, metric: 'weighted_kappa' | 'gwet_ac2', plan: AnalysisPlan) =>
  agreementWeights(metric === 'weighted_kappa' ? plan.kappaWeights : 'quadratic', question.raterScale)

function unusedCategory(question: Question, { first, second, units, metric }: Asked): Flag[] {
  if (metric === 'exact_agreement' || units.length === 0) return []
  const used = new Set<number>()
  for (const i of units) used.add(first[i] as number).add(second[i] as number)
  return used.size < question.raterScale ? ['unused_category'] : []
}

function agreementMethod(metric: AgreementMetric, plan: AnalysisPlan): string {
  if (metric === 'weighted_kappa') return `${plan.kappaWeights}-kappa/linearised-t`
  if (metric === 'gwet_ac2') return 'gwet-ac2-quadratic/linearised-t'
  return `exact-agreement/${plan.interval.proportions.replaceAll('_', '-')}`
}

/**
 * Agreement within one pair less agreement within another on the joints that all four have graded: two dependent kappas.
 *
 * @see methods 2.8 (h1 - h2)
 */
export function agreementDifference(
  question: Question,
  pairs: readonly [TwoRaters, TwoRaters],
  plan: AnalysisPlan,
): EvaluationRow[] {
  const answers = pairs.flatMap(({ first, second }) => [answersOf(question, first), answersOf(question, second)])
  const units = Int32Array.from(question.reference.keys()).filter((i) =>
    answers.every((one) => (one[i] as number) >= 0),
  )
  const clusters = clustersAt(question, units)
  const { level } = plan.interval
  return (['weighted_kappa', 'gwet_ac2'] as const).map((metric) => {
    const [one, two] = pairs.map(({ first, second }) => {
      const grades = {
        first: Int8Array.from(units, (i) => answersOf(question, first)[i] as number),
        second: Int8Array.from(units, (i) => answersOf(question, second)[i] as number),
        weights: weightsOf(question, metric, plan),
      }
      return metric === 'weighted_kappa' ? kappaInfluence(grades) : gwetInfluence(grades)
    })
    const counted = { n: units.length, clusters: clusters.count }
    const undefinedReason = typeof one === 'string' ? one : typeof two === 'string' ? two : null
    const inference =
      undefinedReason !== null || typeof one !== 'object' || typeof two !== 'object'
        ? { ...undefinedEstimate(undefinedReason ?? 'no_units', counted), p: null }
        : differenceOfEstimators(one, two, { clusters, level })
    const [first, second] = pairs
    return rowOf(
      question,
      {
        analysis: 'agreement_difference',
        comparator: `${first.first}+${first.second}`,
        against: `${second.first}+${second.second}`,
        referenceModality: null,
        metric,
        score: 'grades',
      },
      resultOf(inference, { method: `${metric.replaceAll('_', '-')}-difference/linearised-t`, level }),
    )
  })
}
