import { type Pose, toExam } from './pose.ts'
import { gradedJoints, jointCentre, type Spine } from './spine.ts'

/** A box in exam coordinates, mm. */
export type Box = { low: readonly [number, number, number]; high: readonly [number, number, number] }

/** How far a stack reaches beyond the outermost joints, in mm. */
export type Margins = { side: number; front: number; back: number; foot: number; head: number }

/** The box around all ten joints as they lie in an exam, with margins. */
export function boxAround(spine: Spine, pose: Pose, margins: Margins): Box {
  const points = gradedJoints(spine).map(({ disc, side }) => toExam(pose, jointCentre(disc, side)))
  const least = (axis: 0 | 1 | 2): number => Math.min(...points.map((point) => point[axis]))
  const most = (axis: 0 | 1 | 2): number => Math.max(...points.map((point) => point[axis]))
  return {
    low: [least(0) - margins.side, least(1) - margins.front, least(2) - margins.foot],
    high: [most(0) + margins.side, most(1) + margins.back, most(2) + margins.head],
  }
}
