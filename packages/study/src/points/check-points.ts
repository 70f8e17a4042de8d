import { InstanceHeader } from '@facetgrade/dicom/instance-header'
import { SeriesStack } from '@facetgrade/dicom/series-judgement'
import { compareLevels, jointId, type Level } from '@facetgrade/grading/joint'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { JointPoint } from '@facetgrade/grading/points'
import type { Protocol } from '@facetgrade/grading/protocol'
import { StudyError } from '../study-error.ts'
import { proposeXraySide } from '../xray-sides/propose-xray-side.ts'
import type { PointsGround } from './points-store.ts'

type LpsPoint = Extract<JointPoint, { kind: 'lps' }>
type ImagePoint = Extract<JointPoint, { kind: 'image' }>
type Triple = readonly [number, number, number]
/** A point reduced to what left, right, head and feet are told by; both grow towards the patient's left and the feet. */
type Placed = { point: JointPoint; towardsLeft: number | null; towardsFeet: number }

/** Half a voxel: a point lies inside the image as far as its outermost voxels reach. */
const EDGE = 0.5

/**
 * Whether points may be published for an exam: of the patient's levels, one a joint and image, inside the exam's own
 * images, the left joint on the patient's left (LPS +x; on AP and PA views by the confirmed or else the proposed side)
 * and levels ordered from the head to the feet.
 *
 * @throws {StudyError} PATIENT_WITHDRAWN, POINTS_LEVEL_UNKNOWN, POINTS_TWICE, POINTS_KIND_WRONG, POINTS_OUTSIDE,
 * POINTS_SIDES_SWAPPED, POINTS_LEVELS_DISORDERED; details name the joint
 */
export function checkPoints(
  protocol: Pick<Protocol, 'levels'>,
  ground: PointsGround,
  points: readonly JointPoint[],
): void {
  if (ground.isWithdrawn) throw new StudyError('PATIENT_WITHDRAWN')
  checkLevels(protocol, ground, points)
  const frames = Map.groupBy(points, (point) => (point.kind === 'lps' ? point.frameOfReference : point.sop))
  for (const inFrame of frames.values()) checkTwice(inFrame)
  const place = ground.modality === 'xray' ? placeOnImages(ground) : placeInVolumes(ground)
  const placed = points.map(place)
  for (const inFrame of Map.groupBy(placed, ({ point }) =>
    point.kind === 'lps' ? point.frameOfReference : point.sop,
  ).values()) {
    checkSides(inFrame)
    checkOrder(inFrame)
  }
}

const refuse = (code: StudyError['code'], { level, side }: JointPoint): never => {
  throw new StudyError(code, { joint: jointId(level, side) })
}

function checkLevels(protocol: Pick<Protocol, 'levels'>, ground: PointsGround, points: readonly JointPoint[]): void {
  const numberings = ground.numbering ? [ground.numbering.lumbarVertebrae] : (['five', 'six', 'four'] as const)
  const known = new Set<Level>(numberings.flatMap((lumbarVertebrae) => patientLevels(protocol, { lumbarVertebrae })))
  for (const point of points) if (!known.has(point.level)) refuse('POINTS_LEVEL_UNKNOWN', point)
}

function checkTwice(points: readonly JointPoint[]): void {
  const seen = new Set<string>()
  for (const point of points) {
    const joint = jointId(point.level, point.side)
    if (seen.has(joint)) refuse('POINTS_TWICE', point)
    seen.add(joint)
  }
}

function placeInVolumes(ground: PointsGround): (point: JointPoint) => Placed {
  const volumes = ground.stacks.flatMap(({ frameOfReference, stack }) => {
    const parsed = SeriesStack.parse(stack)
    return parsed.kind === 'volume' ? [{ frameOfReference, stack: parsed }] : []
  })
  return (point) => {
    if (point.kind !== 'lps') return refuse('POINTS_KIND_WRONG', point)
    const holds = volumes.some(
      ({ frameOfReference, stack }) => frameOfReference === point.frameOfReference && isInside(stack, point),
    )
    if (!holds) return refuse('POINTS_OUTSIDE', point)
    return { point, towardsLeft: point.mm[0], towardsFeet: -point.mm[2] }
  }
}

function isInside(stack: SeriesStack, { mm }: LpsPoint): boolean {
  const { frames, normal, rowDirection, columnDirection, pixelSpacingMm } = stack
  const [first, last] = [frames[0]?.position, frames.at(-1)?.position]
  if (!first || !last || !normal || !rowDirection || !columnDirection || !pixelSpacingMm) return false
  const spacing = stack.sliceSpacingMm ?? stack.sliceThicknessMm ?? 0
  const depth = dot(difference(mm, first), normal)
  const span = dot(difference(last, first), normal)
  if (depth < -spacing * EDGE || depth > span + spacing * EDGE) return false
  const nearest = frames[spacing > 0 ? Math.min(frames.length - 1, Math.max(0, Math.round(depth / spacing))) : 0]
  const inPlane = difference(mm, nearest?.position ?? first)
  const column = dot(inPlane, rowDirection) / pixelSpacingMm[1]
  const row = dot(inPlane, columnDirection) / pixelSpacingMm[0]
  return isOnGrid(column, stack.columns) && isOnGrid(row, stack.rows)
}

function placeOnImages(ground: PointsGround): (point: JointPoint) => Placed {
  const images = new Map(
    ground.images.map(({ sop, header, side }) => [sop, { header: InstanceHeader.parse(header), side }]),
  )
  return (point) => {
    if (point.kind !== 'image') return refuse('POINTS_KIND_WRONG', point)
    const image = images.get(point.sop)
    const [column, row] = point.uv
    if (!image || !isOnGrid(column, image.header.columns) || !isOnGrid(row, image.header.rows)) {
      return refuse('POINTS_OUTSIDE', point)
    }
    const isHeadDown = image.header.patientOrientation[1]?.startsWith('H') === true
    return { point, towardsLeft: leftward(image, point), towardsFeet: isHeadDown ? -row : row }
  }
}

/** Column, signed so that it grows towards the patient's left; null on views on which left and right lie over each other. */
function leftward(
  { header, side }: { header: InstanceHeader; side: PointsGround['images'][number]['side'] },
  { uv: [column] }: ImagePoint,
): number | null {
  const { view, patientRight } = side ?? proposeXraySide(header)
  if (view !== 'ap' && view !== 'pa') return null
  if (patientRight === 'left-edge') return column
  return patientRight === 'right-edge' ? -column : null
}

function checkSides(placed: readonly Placed[]): void {
  for (const atLevel of Map.groupBy(placed, ({ point }) => point.level).values()) {
    const left = atLevel.find(({ point }) => point.side === 'left')
    const leftAt = left?.towardsLeft ?? null
    const rightAt = atLevel.find(({ point }) => point.side === 'right')?.towardsLeft ?? null
    if (left && leftAt !== null && rightAt !== null && leftAt <= rightAt) refuse('POINTS_SIDES_SWAPPED', left.point)
  }
}

function checkOrder(placed: readonly Placed[]): void {
  for (const ofSide of Map.groupBy(placed, ({ point }) => point.side).values()) {
    const downwards = ofSide.toSorted((a, b) => compareLevels(a.point.level, b.point.level))
    for (const [index, { point, towardsFeet }] of downwards.entries()) {
      const above = downwards[index - 1]
      if (above && above.towardsFeet >= towardsFeet) refuse('POINTS_LEVELS_DISORDERED', point)
    }
  }
}

const isOnGrid = (value: number, size: number): boolean => value >= -EDGE && value <= size - EDGE
const difference = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
