import { z } from 'zod'
import { type JointId, jointId, Level, Side } from './joint.ts'

const millimetre = z.number().min(-10_000).max(10_000)
const pixel = z.number().min(-0.5).max(100_000)

/**
 * Where a joint is. `lps`: patient coordinates in millimetres (DICOM: +x left, +y back, +z head) in a frame of
 * reference. `image`: column and row of one X-ray image, in pixels, the centre of the first pixel at 0, 0.
 */
export const JointPoint = z.discriminatedUnion('kind', [
  z.strictObject({
    level: Level,
    side: Side,
    kind: z.literal('lps'),
    mm: z.tuple([millimetre, millimetre, millimetre]),
    frameOfReference: z.string().min(1).max(64),
  }),
  z.strictObject({
    level: Level,
    side: Side,
    kind: z.literal('image'),
    sop: z.string().min(1).max(64),
    uv: z.tuple([pixel, pixel]),
  }),
])
export type JointPoint = z.infer<typeof JointPoint>

/** Who set a published set. `model` only after a coordinator accepted it; a reader's correction stays in the reading. */
export const PublishedSource = z.enum(['coordinator', 'model', 'import'])
export type PublishedSource = z.infer<typeof PublishedSource>
export const PointSource = z.enum([...PublishedSource.options, 'reader'])
export type PointSource = z.infer<typeof PointSource>

/** The published points of one Exam, one version of them. A joint may have several image points, one per X-ray image. */
export const PointSet = z
  .strictObject({ version: z.int().positive(), source: PublishedSource, points: z.array(JointPoint).max(200) })
  .superRefine(({ points }, context) => {
    const seen = new Set<string>()
    for (const [index, point] of points.entries()) {
      const key = `${jointId(point.level, point.side)} ${point.kind === 'lps' ? point.frameOfReference : point.sop}`
      if (seen.has(key))
        context.addIssue({ code: 'custom', path: ['points', index], message: `${key} has two points.` })
      seen.add(key)
    }
  })
export type PointSet = z.infer<typeof PointSet>

/** Points of each joint, in the set's order. */
export function pointsByJoint(points: readonly JointPoint[]): Map<JointId, JointPoint[]> {
  const byJoint = new Map<JointId, JointPoint[]>()
  for (const point of points) {
    const id = jointId(point.level, point.side)
    byJoint.set(id, [...(byJoint.get(id) ?? []), point])
  }
  return byJoint
}
