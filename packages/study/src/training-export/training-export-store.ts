import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import type { XraySide } from '../xray-sides/xray-side.ts'

export type TrainedPart = 'train' | 'validation'

export type TrainedPatient = {
  patientId: string
  patientCode: string
  part: TrainedPart
  sex: string | null
  ageYears: number | null
}

export type TrainedExam = {
  patientId: string
  examId: string
  modality: Modality
  shiftedDate: string | null
  /** The published version in force. */
  points: readonly JointPoint[]
  /** `{ stack, role }` of packages/dicom, to be parsed. */
  series: readonly unknown[]
  instances: readonly { instanceId: string; sop: string; pixelHash: string }[]
  sides: readonly { sop: string; side: XraySide }[]
}

/** `by`: one reading, or the reference. */
export type Answer = { patientId: string; modality: Modality; by: string; cell: CellKey; value: CellValue }

/** Of training and validation patients alone: no query of this store can select another. */
export type TrainingExportStore = {
  /** In the order of their codes; withdrawn ones left out. */
  patients(page: { studyId: string; after: string | undefined; take: number }): Promise<readonly TrainedPatient[]>
  hasPoints(studyId: string): Promise<boolean>
  /** Exams with published points, by patient, modality and date. */
  exams(patientIds: readonly string[]): Promise<readonly TrainedExam[]>
  readerAnswers(patientIds: readonly string[], rounds: readonly string[]): Promise<readonly Answer[]>
  referenceAnswers(patientIds: readonly string[], referenceId: string): Promise<readonly Answer[]>
  /** Blob of each instance; one that may not be trained on is not among them. */
  blobs(studyId: string, instanceIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}
