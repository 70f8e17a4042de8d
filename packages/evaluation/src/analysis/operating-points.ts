import type { AnalysisPlan } from '../analysis-plan.ts'
import type { EvaluationCell, EvaluationProtocol } from '../comparator.ts'
import type { OperatingPoint } from '../evaluation-document.ts'
import { type RocPoint, rocCurve, youdenPoints } from '../roc/roc-curve.ts'
import { patientOrder } from './figures.ts'
import { positivesOf } from './metric-result.ts'
import { cumulativeAt, pairUp } from './pair.ts'
import { type Question, questionsOf } from './question.ts'
import { digits } from './row.ts'

/**
 * Thresholds of a model's P(y >= cutGrade), one per modality and feature, chosen by the plan's rule on the cells of the
 * VALIDATION part and frozen: test is reported at them and never moves them. Of several points that serve the rule equally the
 * one with the higher specificity is taken, then the lower threshold.
 *
 * @returns a point per question; threshold null where validation has no pair or one class alone, or no threshold serves
 * @throws {RangeError} as `questionsOf`
 * @see methods 6, mistake 3
 */
export function chooseOperatingPoints(input: {
  readonly protocol: EvaluationProtocol
  readonly plan: AnalysisPlan
  readonly model: string
  /** Of the validation part. */
  readonly cells: readonly EvaluationCell[]
}): OperatingPoint[] {
  const patients = patientOrder(input.cells.map(({ patientCode }) => patientCode))
  const questions = questionsOf({ ...input, raters: [], models: [input.model], patients })
  return questions.map((question) => choose(question, input.model, input.plan.operatingPoint))
}

type Rule = AnalysisPlan['operatingPoint']

function choose(question: Question, model: string, rule: Rule): OperatingPoint {
  const pair = pairUp(question, question.answers.get(model) ?? new Int8Array())
  const all = cumulativeAt(question, model, question.raterCut)
  const scores = Float64Array.from(pair.units, (i) => all[i] as number)
  const curve = rocCurve(positivesOf(pair.truth, pair.referenceCut), scores)
  const best = typeof curve === 'string' ? undefined : bestPoint(curve, rule)
  const { modality, referenceModality, feature } = question
  return {
    comparator: model,
    modality,
    referenceModality,
    feature,
    cutGrade: question.raterCut,
    rule: rule.rule,
    threshold: best ? finite(best.threshold) : null,
    sensitivity: best ? digits(best.sensitivity) : null,
    specificity: best ? digits(best.specificity) : null,
    n: pair.units.length,
    patients: pair.clusters.count,
  }
}

/** "Everything" and "nothing" as numbers of JSON: no probability lies at or below the one, or above the other. */
const finite = (threshold: number): number => Math.min(1, Math.max(-1, threshold))

function bestPoint(curve: readonly RocPoint[], rule: Rule): RocPoint | undefined {
  const served =
    rule.rule === 'youden'
      ? youdenPoints(curve)
      : rule.rule === 'sensitivity_at_least'
        ? curve.filter(({ sensitivity }) => sensitivity >= rule.value)
        : curve.filter(({ specificity }) => specificity >= rule.value)
  const order =
    rule.rule === 'specificity_at_least'
      ? (a: RocPoint, b: RocPoint) => b.sensitivity - a.sensitivity || b.specificity - a.specificity
      : (a: RocPoint, b: RocPoint) => b.specificity - a.specificity || b.sensitivity - a.sensitivity
  return served.toSorted((a, b) => order(a, b) || a.threshold - b.threshold)[0]
}
