import type { CellFeature } from '@facetgrade/grading/feature'
import type { Level, Side } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import type { ExamImages } from './exam-volumes.ts'
import type { LabelSource } from './model-manifest.ts'
import type { TrainingExportManifest } from './training-export-manifest.ts'

/** What an export stands on, as the server says it. */
export type ExportHead = Pick<
  TrainingExportManifest,
  'studyCode' | 'studyKind' | 'splitSeal' | 'protocol' | 'partSizes'
> & {
  readonly labels: LabelSource
  readonly modalities: readonly Modality[]
  readonly cutOffs: Readonly<Record<Modality, Readonly<Record<string, number>>>>
}

export type ExportLabel = {
  readonly level: Level
  readonly side: Side
  readonly feature: CellFeature
  /** A grade from each who gave one, out of so many who answered. */
  readonly grades: readonly number[]
  readonly answers: number
}

export type ExportExam = {
  readonly examId: string
  readonly points: readonly JointPoint[]
  readonly images: ExamImages
  readonly pixelHashes: ReadonlyMap<string, string>
  readonly labels: readonly ExportLabel[]
}

export type ExportPatient = {
  readonly patientCode: string
  /** As the server says it: whatever is neither train nor validation is refused here once more. */
  readonly part: string
  readonly sex: string | null
  readonly ageYears: number | null
  readonly exams: readonly ExportExam[]
}

export const EXPORT_REFUSALS = {
  TEST_PATIENT: 'The server offered a patient who is neither training nor validation. Nothing was written.',
  PATIENT_TWICE: 'The server offered a patient twice. Nothing was written.',
  IMAGE_IN_TWO_PARTS:
    'The same image belongs to a training and to a validation patient: what is learnt from one would be checked on itself. Nothing was written.',
  NOTHING_TO_EXPORT:
    'No joint of a training or validation patient has both an image around its point and a label. Nothing was written.',
} as const
export type ExportRefusalCode = keyof typeof EXPORT_REFUSALS

/** The export cannot be made; nothing of it stays. */
export class ExportRefusal extends Error {
  override name = 'ExportRefusal'
  readonly code: ExportRefusalCode
  constructor(code: ExportRefusalCode) {
    super(EXPORT_REFUSALS[code])
    this.code = code
  }
}
