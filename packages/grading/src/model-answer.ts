import { z } from 'zod'
import { CellFeature } from './feature.ts'
import { Level, Side } from './joint.ts'
import { JointPoint } from './points.ts'
import { AbstainReason, PredictionOutput } from './prediction.ts'

/** A grader's answer for one exam: per joint, each feature once, `severity` being its direct head. */
export const ModelGrades = z.array(
  z.strictObject({
    level: Level,
    side: Side,
    features: z.array(z.strictObject({ feature: CellFeature, output: PredictionOutput })),
  }),
)
export type ModelGrades = z.infer<typeof ModelGrades>

const Confidence = z.number().min(0).max(1)

/**
 * A localiser's answer for one exam: where the joints are, if it dares to say. `naming` is its confidence that the levels
 * are named right; below the model's own bound a person names them.
 */
export const ProposedPoints = z.strictObject({
  points: z.array(z.strictObject({ point: JointPoint, confidence: Confidence })).max(200),
  naming: Confidence.nullable(),
  isNamingSure: z.boolean(),
  abstained: AbstainReason.nullable(),
})
export type ProposedPoints = z.infer<typeof ProposedPoints>
