import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { XraySide } from '../xray-sides/xray-side.ts'

export type CaseAssignment = {
  assignmentId: string
  memberId: string
  patientId: string
  examId: string
  modality: Modality
  round: string
  position: number
  returnedAt: string | null
}

export type CaseStore = {
  /** The actor's own; undefined for someone else's and for an id that does not exist. */
  assignment(assignmentId: string): Promise<CaseAssignment | undefined>
  latestNumbering(patientId: string): Promise<{ version: number; numbering: LevelNumbering } | undefined>
  /**
   * What the import judged of each stack of the exam (SeriesDocument). Its place in the list, by which the page names it,
   * stays: what is imported later comes after.
   */
  series(examId: string): Promise<readonly unknown[]>
  /** The standing side of each X-ray image of the exam, by SOP instance. */
  sides(examId: string): Promise<ReadonlyMap<string, XraySide>>
  /** The image behind a frame of an assignment, if it may be graded; undefined otherwise. */
  frameSource(at: { assignmentId: string; series: number; frame: number }): Promise<FrameSource | undefined>
  /** The image of an instance that the actor may see. */
  instanceSource(instanceId: string): Promise<{ blobHash: string; patientId: string } | undefined>
  isWithdrawn(patientId: string): Promise<boolean>
}

/** Which frame of which stored object. */
export type FrameSource = { blobHash: string; frame: number; patientId: string }
