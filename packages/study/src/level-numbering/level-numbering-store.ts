import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'

export type NumberingVersion = {
  version: number
  numbering: LevelNumbering
  confirmedByName: string
  confirmedAt: string
}

/** A series to count vertebrae on, its frames in stack order. */
export type NumberingView = {
  seriesId: string
  modality: Modality
  plane: string | null
  frames: readonly { instanceId: string; frame: number }[]
}

export type LevelNumberingStore = {
  /** Makes confirmations for one patient wait for one another until the transaction ends. */
  lock(patientId: string): Promise<void>
  /** The latest version first. */
  versions(patientId: string): Promise<readonly NumberingVersion[]>
  /** Sagittal series first, then projections, then what else there is. */
  views(patientId: string): Promise<readonly NumberingView[]>
  /** Insert-only; false when the version was taken by another request. */
  append(
    studyId: string,
    confirmed: { patientId: string; version: number; numbering: LevelNumbering; confirmedBy: string },
  ): Promise<boolean>
}
