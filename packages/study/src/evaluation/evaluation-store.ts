import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { ReaderCode } from '@facetgrade/grading/role'
import type { Json } from '../audit/audit-store.ts'

/** A case of the test part that somebody was given in the round; patients withdrawn are not among them. */
export type TestCase = {
  readonly patientCode: string
  readonly modality: Modality
  readonly lumbarVertebrae: 'five' | 'six' | 'four'
}

/** What stands in one cell of one case of the test part. */
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
export type ConsensusAnswers = { readonly consensusIds: readonly string[]; readonly cells: readonly CaseCell[] }

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

type Group = { readonly studyId: string; readonly readerGroup: string; readonly round: string }

/** Under the wall of an investigator or statistician, after an unsealing: before it the test part is empty here. */
export type EvaluationStore = {
  testCases(of: { studyId: string; round: string }): Promise<readonly TestCase[]>
  /** Codes of the group's readers who were given a case in the round, also of those who have left. */
  readerCodes(group: Group): Promise<readonly ReaderCode[]>
  /** The latest value of every cell of the group's signed readings in the test part. */
  signedAnswers(group: Group): Promise<SignedAnswers>
  /** Cells of the group's completed consensus in the test part. */
  consensusAnswers(group: Group): Promise<ConsensusAnswers>
  referenceAnswers(referenceId: string): Promise<readonly CaseCell[]>
  /** Cases of the test part, of any group, whose adjudication is not finished. */
  openAdjudications(of: { studyId: string; round: string }): Promise<number>
  create(evaluation: NewEvaluation): Promise<EvaluationSummary>
  list(studyId: string): Promise<readonly EvaluationSummary[]>
  find(evaluationId: string): Promise<StoredEvaluation | undefined>
  /** How far each group is with the cases it was given in the round: no grades. */
  progress(of: { studyId: string; round: string }): Promise<readonly GroupProgress[]>
}
