import type { FrameGeometry, InstanceHeader } from './instance-header.ts'
import {
  cross,
  displayTurn,
  dot,
  edgesOf,
  lengthOf,
  lettersOf,
  minus,
  planeOf,
  scaled,
  type Vector,
} from './patient-direction.ts'
import { judgeProjection } from './projection-side.ts'
import type { GeometryCode, SeriesGeometry, SeriesStack } from './series-judgement.ts'
import { proposeRole } from './series-role.ts'

/** Neighbours nearer than this are at one position. */
const SAME_POSITION_MM = 0.01
/** A step of more than this many median steps is a hole. */
const GAP_FACTOR = 1.5
/** Shear of the stack against its normal that is still called straight. */
const STRAIGHT_DEGREES = 0.5

type Slice = { header: InstanceHeader; frame: number; geometry: FrameGeometry }

/**
 * Judges one series from the headers of its instances: splits it into stacks of one orientation, sorts each, and says of
 * each whether it can be graded, or why not. A side is derived from patient coordinates only.
 *
 * @throws {RangeError} no headers, or headers of several series
 */
export function judgeSeries(headers: readonly InstanceHeader[]): SeriesGeometry {
  const [first] = headers
  if (first === undefined) throw new RangeError('judgeSeries: no headers')
  if (headers.some((header) => header.seriesInstanceUid !== first.seriesInstanceUid)) {
    throw new RangeError('judgeSeries: headers of several series')
  }
  const stacks =
    first.modality === 'xray'
      ? headers.toSorted(byInstance).map(judgeProjection)
      : splitStacks(headers).toSorted((a, b) => b.frames.length - a.frames.length)
  const best = stacks.find((stack) => stack.gradable) ?? stacks[0]
  if (best === undefined) throw new RangeError('judgeSeries: no frames')
  return {
    seriesInstanceUid: first.seriesInstanceUid,
    modality: first.modality,
    stacks,
    gradable: best.gradable,
    code: best.gradable ? null : best.code,
    role: proposeRole(first, best),
  }
}

const byInstance = (a: InstanceHeader, b: InstanceHeader): number =>
  (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0) || (a.sopInstanceUid < b.sopInstanceUid ? -1 : 1)

function splitStacks(headers: readonly InstanceHeader[]): SeriesStack[] {
  const slices = headers
    .toSorted(byInstance)
    .flatMap((header) => header.frames.map((geometry, frame): Slice => ({ header, frame, geometry })))
  const groups: Slice[][] = []
  for (const slice of slices) {
    const group = groups.find(([head]) => head !== undefined && belongTogether(head, slice))
    if (group) group.push(slice)
    else groups.push([slice])
  }
  return groups.flatMap(separateRepeats).flatMap(separateSlabs).map(judgeStack)
}

/** One stack: the same orientation, size, spacing, kind of image and frame of reference. */
function belongTogether(a: Slice, b: Slice): boolean {
  return (
    kindOf(a.header) === kindOf(b.header) &&
    a.header.rows === b.header.rows &&
    a.header.columns === b.header.columns &&
    a.header.frameOfReferenceUid === b.header.frameOfReferenceUid &&
    isSameSpacing(a.geometry.pixelSpacingMm, b.geometry.pixelSpacingMm) &&
    isSameOrientation(a.geometry, b.geometry)
  )
}

function isSameSpacing(a: FrameGeometry['pixelSpacingMm'], b: FrameGeometry['pixelSpacingMm']): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a[0] - b[0]) < 1e-4 && Math.abs(a[1] - b[1]) < 1e-4
}

/** Within 0.3°: scanners write the same orientation with rounding. */
function isSameOrientation(a: FrameGeometry, b: FrameGeometry): boolean {
  const [one, other] = [directionsOf(a), directionsOf(b)]
  if (one === null || other === null) return one === other
  const least = Math.cos((0.3 * Math.PI) / 180)
  return dot(one.row, other.row) > least && dot(one.column, other.column) > least
}

function directionsOf({ orientation }: FrameGeometry): { row: Vector; column: Vector } | null {
  if (orientation === null) return null
  const [a, b, c, d, e, f] = orientation
  return { row: [a, b, c], column: [d, e, f] }
}

const PROJECTED = new Set([
  'MIP',
  'MINIP',
  'PROJECTION',
  'PROJECTION_IMAGE',
  'VOLUME_RENDERED',
  'POST_PROCESSED',
  'CPR_CURVED',
])

/** Scouts and images made of volumes are named by Image Type (PS3.3 §C.8.2.1.1.1, C.8.3.1.1.1), not by the modality. */
function kindOf({ imageType }: InstanceHeader): 'slice' | 'localizer' | 'projected' {
  if (imageType.includes('LOCALIZER') || imageType.includes('SCOUT')) return 'localizer'
  return imageType.some((value) => PROJECTED.has(value)) ? 'projected' : 'slice'
}

const SEPARATORS: readonly ((slice: Slice) => unknown)[] = [
  (slice) => slice.geometry.stackId,
  (slice) => slice.geometry.echoTimeMs,
  (slice) => slice.geometry.temporalPosition,
  (slice) => slice.header.imageType.join(),
  (slice) => slice.header.acquisitionNumber,
]

/** Several echoes, phases or kinds at the same places are so many stacks, if one attribute tells them apart. */
function separateRepeats(group: readonly Slice[]): Slice[][] {
  if (!hasRepeats(group)) return [[...group]]
  for (const keyOf of SEPARATORS) {
    const parts = [...Map.groupBy(group, keyOf).values()]
    if (parts.length > 1 && !parts.some(hasRepeats)) return parts
  }
  return [[...group]]
}

function hasRepeats(group: readonly Slice[]): boolean {
  const offsets = offsetsOf(group)
  return offsets !== null && stepsOf(offsets).some((step) => step < SAME_POSITION_MM)
}

/** MR is often planned as one slab per disc, all parallel: slabs of two slices or more are stacks of their own. */
function separateSlabs(group: readonly Slice[]): Slice[][] {
  const offsets = offsetsOf(group)
  if (group[0]?.header.modality !== 'mr' || offsets === null || group.length < 4) return [[...group]]
  const sorted = sortedAlongNormal(group, offsets)
  const steps = stepsOf(offsets)
  const typical = median(steps)
  const slabs: Slice[][] = [[]]
  sorted.forEach(({ slice }, index) => {
    if (index > 0 && (steps[index - 1] ?? 0) > GAP_FACTOR * typical) slabs.push([])
    slabs.at(-1)?.push(slice)
  })
  return slabs.every((slab) => slab.length > 1) ? slabs : [[...group]]
}

/** Signed distances along the normal of the first slice, in the group's order; null without geometry. */
function offsetsOf(group: readonly Slice[]): number[] | null {
  const directions = group[0] ? directionsOf(group[0].geometry) : null
  if (directions === null) return null
  const normal = cross(directions.row, directions.column)
  const offsets = group.map((slice) => (slice.geometry.position ? dot(slice.geometry.position, normal) : Number.NaN))
  return offsets.some(Number.isNaN) ? null : offsets
}

const sortedAlongNormal = (group: readonly Slice[], offsets: readonly number[]): { slice: Slice; offset: number }[] =>
  group.map((slice, index) => ({ slice, offset: offsets[index] ?? 0 })).toSorted((a, b) => a.offset - b.offset)

function stepsOf(offsets: readonly number[]): number[] {
  const sorted = offsets.toSorted((a, b) => a - b)
  return sorted.slice(1).map((offset, index) => offset - (sorted[index] ?? 0))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >>> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function judgeStack(group: readonly Slice[]): SeriesStack {
  const [first] = group
  if (first === undefined) throw new RangeError('judgeStack: no slices')
  const directions = directionsOf(first.geometry)
  const offsets = offsetsOf(group)
  const sorted = offsets ? sortedAlongNormal(group, offsets) : group.map((slice) => ({ slice, offset: null }))
  const steps = offsets ? stepsOf(offsets) : []
  const kind = kindOf(first.header)
  const { code, notes } = judge({ group: sorted.map(({ slice }) => slice), directions, offsets, steps, kind })
  const isProven = directions !== null && isOrthonormal(directions)
  return {
    kind: kind === 'slice' ? 'volume' : 'other',
    frames: sorted.map(({ slice, offset }) => ({
      sopInstanceUid: slice.header.sopInstanceUid,
      frame: slice.frame,
      position: slice.geometry.position,
      offsetMm: offset,
    })),
    gradable: code === null,
    code,
    notes,
    ...orientationOf(isProven ? directions : null),
    rows: first.header.rows,
    columns: first.header.columns,
    pixelSpacingMm: first.geometry.pixelSpacingMm,
    sliceSpacingMm: steps.length > 0 ? median(steps) : null,
    sliceThicknessMm: first.geometry.sliceThicknessMm,
    side: null,
  }
}

type Oriented = Pick<
  SeriesStack,
  'plane' | 'rowDirection' | 'columnDirection' | 'normal' | 'edges' | 'letters' | 'turn'
>

const UNORIENTED: Oriented = {
  plane: null,
  rowDirection: null,
  columnDirection: null,
  normal: null,
  edges: { left: null, right: null, top: null, bottom: null },
  letters: null,
  turn: { transpose: false, flipHorizontal: false, flipVertical: false },
}

function orientationOf(directions: { row: Vector; column: Vector } | null): Oriented {
  if (directions === null) return UNORIENTED
  const { row, column } = directions
  const normal = cross(row, column)
  return {
    plane: planeOf(normal),
    rowDirection: [...row],
    columnDirection: [...column],
    normal: [...normal],
    edges: edgesOf(row, column),
    letters: lettersOf(row, column),
    turn: displayTurn(row, column),
  }
}

const isOrthonormal = ({ row, column }: { row: Vector; column: Vector }): boolean =>
  Math.abs(lengthOf(row) - 1) < 1e-3 && Math.abs(lengthOf(column) - 1) < 1e-3 && Math.abs(dot(row, column)) < 1e-3

type StackFacts = {
  group: readonly Slice[]
  directions: { row: Vector; column: Vector } | null
  offsets: readonly number[] | null
  steps: readonly number[]
  kind: ReturnType<typeof kindOf>
}

/** The first reason against grading, and what is worth knowing besides. */
function judge(facts: StackFacts): { code: GeometryCode | null; notes: GeometryCode[] } {
  const { group, directions, offsets, steps, kind } = facts
  const notes: GeometryCode[] = []
  if (group.some(({ header }) => header.imageType[0] === 'DERIVED')) notes.push('DERIVED')
  const refuse = (code: GeometryCode): { code: GeometryCode; notes: GeometryCode[] } => ({ code, notes })
  if (kind === 'localizer') return refuse('LOCALIZER')
  if (kind === 'projected') return refuse('DERIVED')
  if (directions === null || offsets === null) return refuse('GEOMETRY_MISSING')
  if (!isOrthonormal(directions)) return refuse('ORIENTATION_INVALID')
  const [first] = group
  const spacing = first?.geometry.pixelSpacingMm
  if (!spacing || spacing[0] <= 0 || spacing[1] <= 0) return refuse('SPACING_MISSING')
  if (group.length === 1) return refuse('SINGLE_SLICE')
  if (steps.some((step) => step < SAME_POSITION_MM)) return refuse('DUPLICATE_SLICE')
  const typical = median(steps)
  if (steps.some((step) => step > GAP_FACTOR * typical)) return refuse('SLICE_MISSING')
  if (steps.some((step) => Math.abs(step - typical) > Math.max(0.1, 0.05 * typical))) return refuse('SPACING_IRREGULAR')
  const shear = shearOf(group, cross(directions.row, directions.column))
  if (!shear.isStraightLine) return refuse('SPACING_IRREGULAR')
  if (shear.degrees > STRAIGHT_DEGREES) notes.push('TILTED')
  return { code: null, notes }
}

/** Angle between the stacking direction and the normal, and whether the first pixels lie on one line (to 1 mm). */
function shearOf(group: readonly Slice[], normal: Vector): { degrees: number; isStraightLine: boolean } {
  const positions = group.map((slice) => slice.geometry.position ?? ([0, 0, 0] as const))
  const [first, last] = [positions[0], positions.at(-1)]
  if (first === undefined || last === undefined) return { degrees: 0, isStraightLine: true }
  const path = minus(last, first)
  const total = lengthOf(path)
  const direction = scaled(path, 1 / total)
  const isStraightLine = positions.every((position) => {
    const from = minus(position, first)
    return lengthOf(minus(from, scaled(direction, dot(from, direction)))) < 1
  })
  return { degrees: (Math.acos(Math.min(1, Math.abs(dot(direction, normal)))) * 180) / Math.PI, isStraightLine }
}
