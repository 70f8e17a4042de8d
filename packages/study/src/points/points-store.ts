import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint, PublishedSource } from '@facetgrade/grading/points'
import type { XraySide } from '../xray-sides/xray-side.ts'

export type PublishedPoints = {
  examId: string
  version: number
  source: PublishedSource
  points: readonly JointPoint[]
  publishedByName: string
  publishedAt: string
}

/** What points of an exam are held against. */
export type PointsGround = {
  examId: string
  modality: Modality
  isWithdrawn: boolean
  /** The latest confirmed numbering of the patient; null before any. */
  numbering: LevelNumbering | null
  /** Judged stacks (`SeriesStack` of packages/dicom, to be parsed) with the frame of reference of their images. */
  stacks: readonly { frameOfReference: string | null; stack: unknown }[]
  /** X-ray images, each with its `InstanceHeader` (to be parsed) and the side that stands confirmed. */
  images: readonly { sop: string; header: unknown; side: XraySide | null }[]
}

export type ExamPointsSummary = {
  examId: string
  patientCode: string
  modality: Modality
  version: number | null
  source: PublishedSource | null
  joints: number
  publishedAt: string | null
}

export type NewPointSet = {
  examId: string
  version: number
  source: PublishedSource
  points: readonly JointPoint[]
  publishedBy: string
}

export type PointsStore = {
  /** The published version in force of each exam that has one. */
  latest(examIds: readonly string[]): Promise<readonly PublishedPoints[]>
  /** The latest version first. */
  versions(examId: string): Promise<readonly PublishedPoints[]>
  /** Exams of the study in the order of their ids, also those without points. */
  summaries(studyId: string, page: { after: string | undefined; take: number }): Promise<readonly ExamPointsSummary[]>
  ground(examIds: readonly string[]): Promise<readonly PointsGround[]>
  /** Insert-only; how many were written: fewer than given when another request took a version. */
  append(studyId: string, sets: readonly NewPointSet[]): Promise<number>
}
