import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { ReaderCode } from '@facetgrade/grading/role'
import type { Json } from '../audit/audit-store.ts'

/** A case of one part; patients withdrawn are not among them. */
export type PartCase = {
  readonly patientCode: string
  readonly modality: Modality
  readonly lumbarVertebrae: 'five' | 'six' | 'four'
}

/** What stands in one cell of one case. */
export type CaseCell = {
  readonly patientCode: string
  readonly modality: Modality
  readonly cell: CellKey
  readonly value: CellValue
}

export type SignedAnswers = {
  readonly signatureIds: readonly string[]
  readonly cells: readonly (CaseCell & { readonly readerCode: ReaderCode })[]
}
export type ConsensusAnswers = {
  readonly consensusIds: readonly string[]
  readonly cells: readonly (CaseCell & { readonly isAdjudicated: boolean })[]
}

export type EvaluationSummary = {
  readonly evaluationId: string
  readonly planVersion: number
  readonly unsealingOrdinal: number
  readonly referenceVersion: number
  readonly inputHash: string
  readonly resultHash: string
  readonly createdBy: string
  readonly createdAt: string
  /** A signature, consensus or reference that it was computed from is no longer in force. */
  readonly isStale: boolean
}
/** The documents are parsed by the use cases: `evaluation` owns their format, `db` only keeps them. */
export type StoredEvaluation = EvaluationSummary & { readonly inputs: unknown; readonly results: unknown }

export type NewEvaluation = {
  readonly studyId: string
  readonly planId: string
  readonly unsealingId: string
  readonly referenceId: string
  readonly inputs: Json
  readonly inputHash: string
  readonly results: Json
  readonly resultHash: string
  readonly createdBy: string
}

export type GroupProgress = {
  readonly readerGroup: string
  readonly cases: number
  readonly settled: number
  readonly adjudicationOpen: number
}

/** When the events of one signed reading came, by the reader's clock, in their order. */
export type ReadingOffsets = {
  readonly readerCode: ReaderCode
  readonly readerGroup: string
  readonly modality: Modality
  readonly position: number
  readonly offsetsMs: readonly number[]
}

/** A patient of the sealed roster. */
export type RosterRow = {
  readonly patientCode: string
  readonly part: Part
  readonly sex: string | null
  readonly ageYears: number | null
  readonly site: string | null
  readonly clinical: Readonly<Record<string, unknown>>
  readonly modalities: readonly Modality[]
}

/** The exam of the test part that was read; what its images say of how they were made. */
export type ExamFacts = {
  readonly patientCode: string
  readonly modality: Modality
  readonly examId: string
  readonly scanner: string | null
  readonly sliceThicknessMm: number | null
}

type Group = { readonly studyId: string; readonly readerGroup: string; readonly round: string }

/** After an unsealing, under the wall of an investigator or statistician; before it the test part is empty there. */
export type EvaluationStore = {
  testCases(of: { studyId: string; round: string }): Promise<readonly PartCase[]>
  /** Cases of a part that a reference has cells of. */
  referenceCases(of: { referenceId: string; part: Part }): Promise<readonly PartCase[]>
  /** Codes of the group's readers who were given a case in the round, also of those who have left. */
  readerCodes(group: Group): Promise<readonly ReaderCode[]>
  /** The latest value of every cell of the group's signed readings in the test part. */
  signedAnswers(group: Group): Promise<SignedAnswers>
  /** Cells of the group's completed consensus in the test part. */
  consensusAnswers(group: Group): Promise<ConsensusAnswers>
  /** Cells of one part; of every part with the part beside it when none is named. */
  referenceAnswers(of: {
    referenceId: string
    part: Part | null
  }): Promise<readonly (CaseCell & { readonly part: Part })[]>
  /** Cases of the test part, of any group, whose adjudication is not finished. */
  openAdjudications(of: { studyId: string; round: string }): Promise<number>
  /** Of every signed reading of the round, in any part. */
  readingOffsets(of: { studyId: string; round: string }): Promise<readonly ReadingOffsets[]>
  roster(studyId: string): Promise<readonly RosterRow[]>
  examFacts(of: { studyId: string; round: string }): Promise<readonly ExamFacts[]>
  create(evaluation: NewEvaluation): Promise<EvaluationSummary>
  list(studyId: string): Promise<readonly EvaluationSummary[]>
  find(evaluationId: string): Promise<StoredEvaluation | undefined>
  /** How far each group is with the cases it was given in the round: no grades. */
  progress(of: { studyId: string; round: string }): Promise<readonly GroupProgress[]>
}
