import { type Clusters, clustersOf } from '../cluster/clusters.ts'
import type { MissingCells } from '../result.ts'
import { NOT_APPLICABLE, NOT_ASSESSABLE, type Question } from './question.ts'

/** What one rater, or one score, said about the joints that the reference has graded too. */
export type Pair = {
  /** Places in the question. */
  readonly units: Int32Array
  readonly truth: Int8Array
  /** Grades, or calls 0 and 1. */
  readonly rated: Int8Array
  readonly clusters: Clusters
  readonly missing: MissingCells
  readonly raterScale: number
  readonly referenceScale: number
  readonly raterCut: number
  readonly referenceCut: number
}

/** An open cell of the reference is counted there, whatever the rater said. */
export function missingOf(
  question: Question,
  answers: Int8Array,
  isKept: (unit: number) => boolean = () => true,
): MissingCells {
  const { reference } = question
  const missing = { raterNotAssessable: 0, raterNotGraded: 0, referenceNotAssessable: 0, referenceNotGraded: 0 }
  for (let i = 0; i < reference.length; i++) {
    const truth = reference[i] as number
    const answer = answers[i] as number
    if (truth === NOT_APPLICABLE || answer === NOT_APPLICABLE || !isKept(i)) continue
    if (truth < 0) missing[truth === NOT_ASSESSABLE ? 'referenceNotAssessable' : 'referenceNotGraded']++
    else if (answer < 0) missing[answer === NOT_ASSESSABLE ? 'raterNotAssessable' : 'raterNotGraded']++
  }
  return missing
}

/** Joints that both have graded, among those kept. */
export function pairUp(
  question: Question,
  answers: Int8Array,
  of: { readonly isKept?: (unit: number) => boolean; readonly isCall?: boolean; readonly missing?: MissingCells } = {},
): Pair {
  const units = unitsGraded(question, [answers], of.isKept)
  return {
    units,
    truth: Int8Array.from(units, (i) => question.reference[i] as number),
    rated: Int8Array.from(units, (i) => answers[i] as number),
    clusters: clustersAt(question, units),
    missing: of.missing ?? missingOf(question, answers, of.isKept),
    raterScale: of.isCall ? 2 : question.raterScale,
    referenceScale: question.referenceScale,
    raterCut: of.isCall ? 1 : question.raterCut,
    referenceCut: question.referenceCut,
  }
}

/** Places that the reference and every rater have graded. */
export function unitsGraded(
  question: Question,
  raters: readonly Int8Array[],
  isKept: (unit: number) => boolean = () => true,
): Int32Array {
  const units: number[] = []
  for (let i = 0; i < question.reference.length; i++) {
    if ((question.reference[i] as number) < 0 || !isKept(i)) continue
    if (raters.every((answers) => (answers[i] as number) >= 0)) units.push(i)
  }
  return Int32Array.from(units)
}

/** Patients of these places, numbered in order of first appearance. */
export function clustersAt(question: Question, units: ArrayLike<number>): Clusters {
  return clustersOf(Array.from(units, (i) => question.patient[i] as number))
}

/** The model's call at its frozen threshold: 1 above it; negative where it abstained. */
export function callsAt(question: Question, model: string, threshold: number): Int8Array {
  const answers = question.answers.get(model) ?? new Int8Array()
  const scores = cumulativeAt(question, model, question.raterCut)
  return answers.map((answer, i) => (answer < 0 ? answer : (scores[i] as number) > threshold ? 1 : 0))
}

/** P(y >= cut) of the model at every place; NaN where it abstained. */
export function cumulativeAt(question: Question, model: string, cut: number): Float64Array {
  const at = question.probabilities.get(model) ?? new Float64Array()
  const size = question.raterScale
  return Float64Array.from(question.reference, (_, i) => {
    let total = 0
    for (let grade = cut; grade < size; grade++) total += at[i * size + grade] as number
    return tenDecimals(Math.min(1, total))
  })
}

/**
 * Sums of probabilities that are equal on paper must be ties: whether the last bit differs depends on who adds, and would
 * decide which threshold is chosen. Ten decimals are far finer than any model's calibration.
 */
const tenDecimals = (sum: number): number => Math.round(sum * 1e10) / 1e10

/** The sum of k P(y = k) at every place. */
export function expectedAt(question: Question, model: string): Float64Array {
  const at = question.probabilities.get(model) ?? new Float64Array()
  const size = question.raterScale
  return Float64Array.from(question.reference, (_, i) => {
    let total = 0
    for (let grade = 1; grade < size; grade++) total += grade * (at[i * size + grade] as number)
    return tenDecimals(total)
  })
}
