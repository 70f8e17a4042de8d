import type { AnalysisPlan } from '../analysis-plan.ts'
import { NOT_ASSESSABLE, NOT_GRADED, type Question } from './question.ts'

export type MissingRule = AnalysisPlan['missing']['sensitivity'][number]

/** The reference has a grade and the rater has none, though asked. */
function isOpen(question: Question, answers: Int8Array, unit: number): boolean {
  const answer = answers[unit] as number
  return (question.reference[unit] as number) >= 0 && (answer === NOT_GRADED || answer === NOT_ASSESSABLE)
}

/** Places of the patients of whom the rater left a cell open. */
export function droppedPatients(question: Question, answers: Int8Array): Set<number> {
  const dropped = new Set<number>()
  for (let i = 0; i < answers.length; i++) {
    if (isOpen(question, answers, i)) dropped.add(question.patient[i] as number)
  }
  return dropped
}

/**
 * Answers with the open ones assumed right or wrong.
 *
 * @param of.aim  `binary_call`: 0 and 1; `call`: an end of the scale, on the right or wrong side of the cut; `grade`: the
 *   grade of the truth, or the end farthest from it
 */
export function assumedAnswers(
  question: Question,
  answers: Int8Array,
  of: { readonly rule: 'as_right' | 'as_wrong'; readonly aim: 'binary_call' | 'call' | 'grade' },
): Int8Array {
  const last = question.raterScale - 1
  const isRight = of.rule === 'as_right'
  return answers.map((answer, i) => {
    if (!isOpen(question, answers, i)) return answer
    const truth = question.reference[i] as number
    if (of.aim === 'grade') {
      const farthest = truth > last / 2 ? 0 : last
      return isRight ? Math.min(truth, last) : farthest
    }
    const isPositive = truth >= question.referenceCut
    return isPositive === isRight ? (of.aim === 'binary_call' ? 1 : last) : 0
  })
}
