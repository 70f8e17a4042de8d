import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'

/** An exam that could be the index exam of its patient in its modality. */
export type CandidateExam = {
  examId: string
  modality: Modality
  /** Shifted: intervals between exams of one patient are true, the date is not. */
  shiftedDate: string | null
  /** Has at least one image that may be graded: proven geometry, or on X-ray a confirmed side. */
  isComplete: boolean
}

/** A patient of the sealed roster who was not withdrawn. */
export type RosterPatient = {
  patientId: string
  patientCode: string
  part: Part
  hasNumbering: boolean
  exams: readonly CandidateExam[]
}

export type AssignedCase = { memberId: string; readerGroup: string; patientId: string; modality: Modality }
export type ActiveReader = { memberId: string; readerGroup: string; readerCode: string }

export type NewAssignment = {
  memberId: string
  patientId: string
  modality: Modality
  examId: string
  position: number
}

export type AssignmentState = 'new' | 'draft' | 'signed' | 'returned'

export type OwnAssignment = {
  assignmentId: string
  position: number
  modality: Modality
  state: AssignmentState
  answered: number
  /** Null until the case was opened; then fixed by the reading's own protocol version and numbering. */
  required: number | null
  numbering: LevelNumbering
}

export type ReaderProgress = {
  readerCode: string
  readerGroup: string
  /** False for a reader who has left the study: what they signed stays, what they had open is handed on. */
  isActive: boolean
  assigned: number
  signed: number
  drafts: number
  returned: number
  answeredCells: number
  requiredCells: number
}

export type ReturnedCase = {
  assignmentId: string
  patientId: string
  patientCode: string
  enrolmentNumber: number
  modality: Modality
  readerCode: string
  returnedAt: string
  reason: string
  note: string | null
}

export type AssignmentStore = {
  /** Makes creations in one study wait for one another until the transaction ends. */
  lockCreation(studyId: string): Promise<void>
  roster(studyId: string): Promise<readonly RosterPatient[]>
  activeReaders(studyId: string): Promise<readonly ActiveReader[]>
  /** What counts as held in a round: assignments of readers who are still there, and signed readings of those who left. */
  held(studyId: string, round: string): Promise<readonly AssignedCase[]>
  /** Largest position of the reader in this round; 0 when there is none. */
  lastPosition(memberId: string, round: string): Promise<number>
  orderSeed(memberId: string, round: string): Promise<string | undefined>
  putOrder(order: {
    studyId: string
    memberId: string
    round: string
    seed: string
    algorithmVersion: string
    achieved: { wanted: number; achieved: number | null }
  }): Promise<void>
  append(studyId: string, round: string, assignments: readonly NewAssignment[]): Promise<void>
  progress(studyId: string): Promise<readonly ReaderProgress[]>
  /** A reader's own list, in their own order. */
  mine(memberId: string, page: { after: number; take: number }): Promise<readonly OwnAssignment[]>
  myCounts(memberId: string): Promise<{ total: number; signed: number; returned: number }>
  /** False when there is none of that id for this actor, or it was signed, or it is returned already. */
  markReturned(assignmentId: string, why: { reason: string; note: string | null }): Promise<boolean>
  returnedCases(studyId: string, page: { after: string | undefined; take: number }): Promise<readonly ReturnedCase[]>
  /** False when it is not returned. */
  clearReturn(studyId: string, assignmentId: string): Promise<boolean>
}
