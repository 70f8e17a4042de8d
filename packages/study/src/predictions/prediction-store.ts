import type { CellKey } from '@facetgrade/grading/cell'
import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { JointPoint } from '@facetgrade/grading/points'
import type { PredictionOutput } from '@facetgrade/grading/prediction'
import type { Json } from '../audit/audit-store.ts'
import type { XraySide } from '../xray-sides/xray-side.ts'

/** What one exam is to a model, without the pixels: they are fetched by hash. */
export type ExamInput = {
  readonly studyInstanceUid: string
  readonly numbering: LevelNumbering | null
  /** The published points of the exam; null: there are none. */
  readonly pointSet: { readonly version: number; readonly points: readonly JointPoint[] } | null
  /** `Series.geometry` of packages/dicom, as it was stored. */
  readonly series: readonly unknown[]
  /** Confirmed sides of X-rays by SOP instance UID. */
  readonly sides: ReadonlyMap<string, XraySide>
  readonly images: readonly { readonly sop: string; readonly blobHash: string; readonly pixelHash: string }[]
}

/** One computation: who made it where, from what. */
export type NewRecord = {
  readonly studyId: string
  readonly examId: string
  readonly patientId: string
  readonly modality: Modality
  readonly runId: string
  readonly modelId: string
  readonly modelHash: string
  readonly preprocessingVersion: string
  readonly inputHash: string
  readonly executionProvider: string
  readonly versions: Readonly<Record<string, string>>
  readonly elapsedMs: number
}
export type RecordKey = Pick<NewRecord, 'studyId' | 'modelHash' | 'preprocessingVersion' | 'inputHash'>

export type CellPrediction = { readonly cell: CellKey; readonly output: PredictionOutput }

/** A computation as those who may see predictions see it. */
export type PredictionRecord = {
  readonly recordId: string
  readonly examId: string
  readonly patientCode: string
  readonly modality: Modality
  readonly modelHash: string
  readonly inputHash: string
  readonly pointSetVersion: number | null
  readonly executionProvider: string
  readonly versions: Readonly<Record<string, string>>
  readonly elapsedMs: number
  readonly createdAt: string
  /** Cells with a grade, and cells on which the model abstained. */
  readonly graded: number
  readonly abstained: number
}

export type PartPrediction = CellPrediction & {
  readonly patientId: string
  readonly patientCode: string
  readonly examId: string
  readonly modality: Modality
  readonly inputHash: string
}

export type PointProposalRow = {
  readonly proposalId: string
  readonly examId: string
  readonly patientCode: string
  readonly modality: Modality
  readonly modelHash: string
  readonly executionProvider: string
  readonly createdAt: string
  /** Version of the exam's published points; null: there are none. */
  readonly publishedVersion: number | null
}
/** The document is parsed by the use cases. */
export type PointProposal = PointProposalRow & { readonly document: unknown }

export type PredictionStore = {
  examInput(examId: string): Promise<ExamInput | undefined>
  /** Whether this very input went through this very model before. */
  isThere(key: RecordKey): Promise<boolean>
  /** Writes the record and its predictions once: false when another worker was first, and then nothing is written. */
  put(
    record: NewRecord & { readonly pointSetVersion: number | null },
    predictions: readonly CellPrediction[],
  ): Promise<boolean>
  isProposed(key: RecordKey): Promise<boolean>
  putProposal(record: NewRecord, document: Json): Promise<boolean>
  /** The latest proposal of each exam, newest first. */
  proposals(studyId: string, page: { after: string | undefined; limit: number }): Promise<readonly PointProposalRow[]>
  proposal(proposalId: string): Promise<PointProposal | undefined>
  /** Of one model, the latest computation of each exam that the actor may see; newest first. */
  records(
    studyId: string,
    page: { modelHash: string; after: string | undefined; limit: number },
  ): Promise<readonly PredictionRecord[]>
  record(recordId: string): Promise<PredictionRecord | undefined>
  cells(recordId: string): Promise<readonly CellPrediction[]>
  /**
   * Predictions of one model on one part's patients who were not withdrawn, of each exam the latest computation only.
   * `setHash` fixes them: SHA-256 over model, exams and inputs.
   */
  ofPart(of: { studyId: string; part: Part; modelHash: string }): Promise<readonly PartPrediction[]>
}
