import type { InstanceHeader } from '@facetgrade/dicom/instance-header'
import type { SeriesGeometry } from '@facetgrade/dicom/series-judgement'
import type { Modality } from '@facetgrade/grading/modality'

export type ExamRow = {
  examId: string
  patientId: string
  modality: Modality
  studyInstanceUid: string
  shiftedDate: string | null
}

export type InstanceKey = { sopInstanceUid: string; blobHash: string; instanceId: string }

export type NewInstance = {
  studyId: string
  examId: string
  seriesInstanceUid: string
  sopInstanceUid: string
  sopClassUid: string
  blobHash: string
  pixelHash: string
  header: InstanceHeader
}

export type SeriesRow = {
  seriesId: string
  examId: string
  seriesInstanceUid: string
  stack: number
  plane: string | null
  gradable: boolean
  notGradableCode: string | null
  role: string
  frames: number
}

export type SeriesKey = { examId: string; seriesInstanceUid: string }

export type ExamStore = {
  byStudyUids(studyId: string, uids: readonly string[]): Promise<readonly ExamRow[]>
  ofPatients(patientIds: readonly string[]): Promise<readonly ExamRow[]>
  /** Exams come back in the order given. */
  create(exams: readonly (Omit<ExamRow, 'examId'> & { studyId: string })[]): Promise<readonly ExamRow[]>
  instancesBySop(studyId: string, uids: readonly string[]): Promise<readonly InstanceKey[]>
  createInstances(instances: readonly NewInstance[]): Promise<readonly InstanceKey[]>
  /** Series that an import added an instance to. */
  seriesTouchedBy(importId: string): Promise<readonly SeriesKey[]>
  /** `InstanceHeader`s of one DICOM series, as they were accepted: to be parsed. */
  headers(series: SeriesKey): Promise<readonly unknown[]>
  /** Writes a row per stack, its geometry `{ stack, role }`; rows left of an earlier judgement with more stacks go. */
  putSeries(studyId: string, series: SeriesKey, geometry: SeriesGeometry): Promise<void>
  series(examIds: readonly string[]): Promise<readonly SeriesRow[]>
}
