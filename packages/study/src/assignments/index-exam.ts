import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { CandidateExam } from './assignment-store.ts'

/**
 * The exam that is read when a patient has several of one modality, by the protocol's rule: the first or the last
 * complete one by date; an exam without a date comes after all others, ties go by id. Undefined when none is complete.
 */
export function indexExam(
  protocol: Pick<Protocol, 'indexExam'>,
  exams: readonly CandidateExam[],
  modality: Modality,
): CandidateExam | undefined {
  const complete = exams
    .filter((exam) => exam.modality === modality && exam.isComplete)
    .toSorted(
      (a, b) => compareText(a.shiftedDate ?? '9999', b.shiftedDate ?? '9999') || compareText(a.examId, b.examId),
    )
  if (protocol.indexExam === 'first_complete') return complete[0]
  return complete.findLast((exam) => exam.shiftedDate !== null) ?? complete.at(-1)
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
