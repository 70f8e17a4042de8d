import type { DecodedFrame } from '@facetgrade/dicom/decode-instance'
import type { Vector } from '@facetgrade/dicom/patient-direction'

/** One slice of a volume with its own place, so that a tilted gantry or an uneven step is followed and not assumed away. */
export type Slice = DecodedFrame & {
  /** Centre of the first pixel, LPS mm. */
  readonly position: Vector
}

/** A stack of parallel slices in patient space. Values are slope × stored + intercept, negated where `isNegated`. */
export type Volume = {
  readonly slices: readonly Slice[]
  readonly rows: number
  readonly columns: number
  /** LPS unit vectors: towards higher columns, towards higher rows, their cross product. Slices ascend along it. */
  readonly rowDirection: Vector
  readonly columnDirection: Vector
  readonly normal: Vector
  /** Between columns, between rows. */
  readonly columnSpacingMm: number
  readonly rowSpacingMm: number
  /** MONOCHROME1 of a modality without physical units: what shows bright is stored low. */
  readonly isNegated: boolean
}

/** A patient axis (x left, y back, z head) and which axis of the acquisition lies nearest to it, and which way. */
export type VolumeAxis = { readonly along: 'row' | 'column' | 'normal'; readonly sign: 1 | -1 }
export type VolumeAxes = { readonly x: VolumeAxis; readonly y: VolumeAxis; readonly z: VolumeAxis }

const ALONG = ['row', 'column', 'normal'] as const
/** Every assignment of acquisition axes to x, y, z. */
const ASSIGNMENTS: readonly (readonly [number, number, number])[] = [
  [0, 1, 2],
  [1, 0, 2],
  [0, 2, 1],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]

/** The assignment of acquisition axes to patient axes with the largest sum of cosines. */
export function axesOf({
  rowDirection,
  columnDirection,
  normal,
}: Pick<Volume, 'rowDirection' | 'columnDirection' | 'normal'>): VolumeAxes {
  const directions = [rowDirection, columnDirection, normal]
  const cosine = (source: number, patientAxis: 0 | 1 | 2): number => directions[source]?.[patientAxis] ?? 0
  const alignment = ([x, y, z]: readonly [number, number, number]): number =>
    Math.abs(cosine(x, 0)) + Math.abs(cosine(y, 1)) + Math.abs(cosine(z, 2))
  const [x, y, z] = ASSIGNMENTS.reduce((best, one) => (alignment(one) > alignment(best) ? one : best))
  const axis = (source: number, patientAxis: 0 | 1 | 2): VolumeAxis => ({
    along: ALONG[source] ?? 'normal',
    sign: cosine(source, patientAxis) < 0 ? -1 : 1,
  })
  return { x: axis(x, 0), y: axis(y, 1), z: axis(z, 2) }
}

/** The acquisition direction of an axis, pointing the patient axis's way. */
export function directionOf(volume: Volume, { along, sign }: VolumeAxis): Vector {
  const direction = { row: volume.rowDirection, column: volume.columnDirection, normal: volume.normal }[along]
  return [direction[0] * sign, direction[1] * sign, direction[2] * sign]
}
