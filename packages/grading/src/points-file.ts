import { z } from 'zod'
import { JointPoint } from './points.ts'

export const POINTS_FORMAT = 'facetgrade-points/1'

/** `points.json` beside DICOM files: points under the hospital's identifiers, keyed anew where the key is. */
export const PointsFile = z.strictObject({
  format: z.literal(POINTS_FORMAT),
  exams: z
    .array(
      z.strictObject({
        /** Blank: the study's default issuer. */
        issuer: z.string().max(64),
        patient_id: z.string().min(1).max(64),
        /** `xray`, `ct`, `mr` or the DICOM code. */
        modality: z.string().max(16),
        study_uid: z.string().min(1).max(64),
        points: z.array(JointPoint).max(200),
      }),
    )
    .max(100_000),
})
export type PointsFile = z.infer<typeof PointsFile>
