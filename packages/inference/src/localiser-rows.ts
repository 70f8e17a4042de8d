import { LEVELS, type Level } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import type { ExamVolumes } from './exam-volumes.ts'
import { axialSlab, localiserSources, midlinePoint, type Slab, sagittalSlab, slabIndex } from './localiser-slab.ts'
import { PREPROCESSING } from './preprocessing.ts'

type Place = readonly [x: number, y: number, z: number]

export type LocaliserRows = {
  readonly sagittal: { readonly slab: Slab; readonly points: Float32Array; readonly mask: Float32Array }
  readonly axial: readonly {
    readonly level: Level
    readonly slab: Slab
    readonly points: Float32Array
    readonly mask: Float32Array
  }[]
}

/** Taller than this a stack shows more than one picture: the picture is centred on the joints. */
const ONE_PICTURE_MM = 320

/** Pictures and targets for training a localiser on one exam; undefined where it lacks the stacks or a whole level. */
export async function localiserRows(
  exam: ExamVolumes,
  points: readonly JointPoint[],
): Promise<LocaliserRows | undefined> {
  const { modality } = exam.images
  if (modality === 'xray') return undefined
  const sources = await localiserSources(exam)
  if (sources.kind === 'abstained') return undefined
  const levels = jointsByLevel(points, sources.frameOfReference)
  if (levels.size === 0) return undefined
  const middle = midlinePoint(sources.sagittal, modality)
  const slab = sagittalSlab(sources.sagittal, atJoints(sources.sagittal.series.stack.frames, middle, levels), 'stored')
  const sagittalPoints = new Float32Array(LEVELS.length * 2)
  const sagittalMask = new Float32Array(LEVELS.length)
  const axial = []
  for (const [index, level] of LEVELS.entries()) {
    const joints = levels.get(level)
    if (!joints) continue
    const midpoint = between(joints.left, joints.right)
    const [, row, column] = slabIndex(slab, midpoint)
    sagittalPoints.set([column, row], index * 2)
    if (isInside(row, slab.shape[1]) && isInside(column, slab.shape[2])) sagittalMask[index] = 1
    axial.push({ level, ...axialRow(axialSlab(sources.axial, midpoint, 'stored'), joints) })
  }
  return { sagittal: { slab, points: sagittalPoints, mask: sagittalMask }, axial }
}

type LevelJoints = { readonly left: Place; readonly right: Place }

/** Levels of which both joints have a point. */
function jointsByLevel(points: readonly JointPoint[], frameOfReference: string): Map<Level, LevelJoints> {
  const levels = new Map<Level, Partial<Record<'left' | 'right', Place>>>()
  for (const point of points) {
    if (point.kind !== 'lps' || point.frameOfReference !== frameOfReference) continue
    levels.set(point.level, { ...levels.get(point.level), [point.side]: point.mm })
  }
  return new Map(
    [...levels].flatMap(([level, { left, right }]) => (left && right ? [[level, { left, right }] as const] : [])),
  )
}

const between = (a: Place, b: Place): Place => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2]
const isInside = (at: number, count: number): boolean => at >= 0 && at <= count - 1

/** The middle of a stack of usual height; of a taller one the middle of the joints. */
function atJoints(
  frames: readonly { position: Place | null }[],
  middle: Place,
  levels: ReadonlyMap<Level, LevelJoints>,
): Place {
  const heights = frames.flatMap(({ position }) => (position ? [position[2]] : []))
  if (Math.max(...heights) - Math.min(...heights) <= ONE_PICTURE_MM) return middle
  const joints = [...levels.values()].map(({ left, right }) => (left[2] + right[2]) / 2)
  return [middle[0], middle[1], joints.reduce((sum, z) => sum + z, 0) / joints.length]
}

function axialRow(slab: Slab, joints: LevelJoints): { slab: Slab; points: Float32Array; mask: Float32Array } {
  const points = new Float32Array(6)
  const mask = new Float32Array(2)
  for (const [index, side] of (['left', 'right'] as const).entries()) {
    const [slice, row, column] = slabIndex(slab, joints[side])
    points.set([column, row, (slice - (slab.shape[0] - 1) / 2) * PREPROCESSING.axial.spacingMm[0]], index * 3)
    if (isInside(row, slab.shape[1]) && isInside(column, slab.shape[2]) && isInside(slice, slab.shape[0]))
      mask[index] = 1
  }
  return { slab, points, mask }
}
