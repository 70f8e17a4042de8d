import type { DecodedFrame, DecodedInstance } from '@facetgrade/dicom/decode-instance'
import type { Side } from '@facetgrade/grading/joint'
import { axisWeights, evenPositions } from './axis-weights.ts'
import { normalise, percentileRange, type VolumeCrop } from './crop-volume.ts'
import { PREPROCESSING } from './preprocessing.ts'
import { resampleSlice } from './resample.ts'

/** What a coordinator confirmed of an X-ray image; `none` for a lateral one. */
export type XrayView = {
  readonly view: 'ap' | 'pa' | 'lateral' | 'oblique'
  readonly patientRight: 'left-edge' | 'right-edge' | 'none'
  readonly shownJoints: Side | null
}

export type ProjectionPlace = {
  /** Column and row, the centre of the first pixel at 0, 0. */
  readonly uv: readonly [number, number]
  readonly side: Side
  readonly view: XrayView
  /** Between rows, between columns. */
  readonly pixelSpacingMm: readonly [number, number]
}

const { xray, crop } = PREPROCESSING

/** Whether columns run to the patient's left (frontal, oblique) or to the back (lateral); undefined: nothing says it. */
function runsForward({ view, patientRight }: XrayView, instance: DecodedInstance): boolean | undefined {
  if (view !== 'lateral') return patientRight === 'none' ? undefined : patientRight === 'left-edge'
  const along = instance.header.patientOrientation[0]?.[0]
  return along === 'P' ? true : along === 'A' ? false : undefined
}

/**
 * One view around an image point at the image's nominal scale, turned so that every joint looks like a left one, with its
 * margin. Undefined where nothing says which way the image runs.
 */
export function cropProjection(instance: DecodedInstance, place: ProjectionPlace): VolumeCrop | undefined {
  const [frame] = instance.frames
  const isForward = runsForward(place.view, instance)
  if (frame === undefined || isForward === undefined) return undefined
  const isMirrored = place.view.view !== 'lateral' && place.side === 'right'
  const isHeadDown = instance.header.patientOrientation[1]?.[0] === 'H'
  const { rows, columns } = crop.stored
  const [rowMm, columnMm] = place.pixelSpacingMm
  const [column, row] = place.uv
  const plane = {
    columns: axisWeights(
      evenPositions(instance.shape.columns, columnMm),
      {
        centre: column * columnMm,
        step: xray.inPlaneMm * (isForward === isMirrored ? -1 : 1),
        count: columns,
      },
      columnMm,
    ),
    rows: axisWeights(
      evenPositions(instance.shape.rows, rowMm),
      {
        centre: row * rowMm,
        step: xray.inPlaneMm * (isHeadDown ? -1 : 1),
        count: rows,
      },
      rowMm,
    ),
  }
  const isNegated = instance.shape.photometric === 'MONOCHROME1'
  const fill = (isNegated ? -1 : 1) * valueAt(instance, frame, place.uv)
  const picture = new Float64Array(rows * columns)
  resampleSlice(picture, frame, {
    plane,
    width: instance.shape.columns,
    isNegated,
    fill,
  })
  const values = Float32Array.from(picture, (value) => value + fill)
  normalise(values, percentileRange(values, xray.lowPercentile, xray.highPercentile), xray.clip)
  return {
    values,
    coverage: centre(plane.columns.covered, crop.seen.columns) * centre(plane.rows.covered, crop.seen.rows),
  }
}

/** Modality value of the pixel nearest to a place: what stands for all that lies outside the image. */
function valueAt(
  { shape }: DecodedInstance,
  { values, slope, intercept }: DecodedFrame,
  [column, row]: readonly [number, number],
): number {
  const nearest = (at: number, count: number): number => Math.min(count - 1, Math.max(0, Math.round(at)))
  return slope * (values[nearest(row, shape.rows) * shape.columns + nearest(column, shape.columns)] ?? 0) + intercept
}

function centre(shares: Float64Array, count: number): number {
  const from = (shares.length - count) / 2
  return shares.subarray(from, from + count).reduce((sum, share) => sum + share, 0) / count
}
