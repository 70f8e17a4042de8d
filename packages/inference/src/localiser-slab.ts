import type { Vector } from '@facetgrade/dicom/patient-direction'
import type { AbstainReason } from '@facetgrade/grading/prediction'
import { type Extent, normalise } from './crop-volume.ts'
import {
  type ExamImages,
  type ExamSeries,
  type ExamVolumes,
  frameOfReferenceOf,
  locatableSeries,
  noVolumeReason,
  type OpenedVolume,
  volumeOf,
  weightingOf,
} from './exam-volumes.ts'
import { PREPROCESSING } from './preprocessing.ts'
import { resample } from './resample.ts'
import { axesOf, directionOf, type Volume } from './volume.ts'

/** A picture for a localiser and where it lies: steps of one slice, row and column in LPS mm around its centre. */
export type Slab = {
  /** slices × rows × columns, normalised like a crop. */
  readonly values: Float32Array
  readonly shape: readonly [slices: number, rows: number, columns: number]
  readonly centreMm: Vector
  readonly sliceStep: Vector
  readonly rowStep: Vector
  readonly columnStep: Vector
}

const { sagittal, axial } = PREPROCESSING
const scaled = ([x, y, z]: Vector, by: number): Vector => [x * by, y * by, z * by]

/** Around the midline: slices patient right to left, rows head to foot, columns front to back. */
export function sagittalSlab({ volume, range, fill }: OpenedVolume, centreMm: Vector, extent: Extent): Slab {
  const { slices, rows, columns } = sagittal[extent]
  const [sliceMm, rowMm, columnMm] = sagittal.spacingMm
  const { values } = resample(
    volume,
    { centreMm, counts: [rows, columns, slices], spacingMm: [rowMm, columnMm, sliceMm], isMirrored: false },
    fill,
  )
  const turned = new Float32Array(values.length)
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const source = ((rows - 1 - row) * columns + column) * slices
      for (let slice = 0; slice < slices; slice += 1) {
        turned[(slice * rows + row) * columns + column] = values[source + slice] ?? 0
      }
    }
  }
  normalise(turned, range, sagittal.clip)
  const axes = axesOf(volume)
  return {
    values: turned,
    shape: [slices, rows, columns],
    centreMm,
    sliceStep: scaled(directionOf(volume, axes.x), sliceMm),
    rowStep: scaled(directionOf(volume, axes.z), -rowMm),
    columnStep: scaled(directionOf(volume, axes.y), columnMm),
  }
}

/** Around the midpoint of a level's two joints: slices foot to head, rows front to back, columns to the patient's left. */
export function axialSlab({ volume, range, fill }: OpenedVolume, centreMm: Vector, extent: Extent): Slab {
  const { slices, rows, columns } = axial[extent]
  const [sliceMm, rowMm, columnMm] = axial.spacingMm
  const { values } = resample(
    volume,
    { centreMm, counts: [slices, rows, columns], spacingMm: axial.spacingMm, isMirrored: false },
    fill,
  )
  normalise(values, range, axial.clip)
  const axes = axesOf(volume)
  return {
    values,
    shape: [slices, rows, columns],
    centreMm,
    sliceStep: scaled(directionOf(volume, axes.z), sliceMm),
    rowStep: scaled(directionOf(volume, axes.y), rowMm),
    columnStep: scaled(directionOf(volume, axes.x), columnMm),
  }
}

/** Slice, row and column of a point, in voxels of the slab, the centre of the first voxel at 0. */
export function slabIndex(slab: Slab, pointMm: Vector): [slice: number, row: number, column: number] {
  const from: Vector = [pointMm[0] - slab.centreMm[0], pointMm[1] - slab.centreMm[1], pointMm[2] - slab.centreMm[2]]
  const along = (step: Vector, count: number): number =>
    (from[0] * step[0] + from[1] * step[1] + from[2] * step[2]) / (step[0] ** 2 + step[1] ** 2 + step[2] ** 2) +
    (count - 1) / 2
  return [
    along(slab.sliceStep, slab.shape[0]),
    along(slab.rowStep, slab.shape[1]),
    along(slab.columnStep, slab.shape[2]),
  ]
}

/** The patient point of a place in the slab, voxels; the inverse of `slabIndex`. */
export function slabPoint(slab: Slab, [slice, row, column]: readonly [number, number, number]): Vector {
  const place = (axis: 0 | 1 | 2): number =>
    slab.centreMm[axis] +
    (slice - (slab.shape[0] - 1) / 2) * slab.sliceStep[axis] +
    (row - (slab.shape[1] - 1) / 2) * slab.rowStep[axis] +
    (column - (slab.shape[2] - 1) / 2) * slab.columnStep[axis]
  return [place(0), place(1), place(2)]
}

export type LocaliserSources = {
  readonly kind: 'sources'
  readonly sagittal: OpenedVolume
  readonly axial: OpenedVolume
  readonly frameOfReference: string
}

/** The stacks that a localiser works on: on CT one for both pictures, on MR the sagittal and the axial T2 (else T1). */
export function localiserSeries(images: ExamImages): [sagittal: ExamSeries, axial: ExamSeries] | [] {
  const fine = locatableSeries(images)
  if (images.modality === 'ct') {
    const tallest = fine.toSorted((a, b) => tensOfMm(b) - tensOfMm(a))[0]
    return tallest ? [tallest, tallest] : []
  }
  const sagittal = images.series.filter(({ stack }) => stack.gradable && stack.plane === 'sagittal')
  const [first, second] = [inOrder(sagittal, ['t2', 't1']), inOrder(fine, ['t2', 't1'])]
  return first && second ? [first, second] : []
}

export async function localiserSources(
  exam: ExamVolumes,
): Promise<LocaliserSources | { readonly kind: 'abstained'; readonly reason: AbstainReason }> {
  if (exam.images.modality === 'xray') return { kind: 'abstained', reason: 'modality_unsupported' }
  const [sagittalSeries, axialSeries] = localiserSeries(exam.images)
  if (!axialSeries || !sagittalSeries) return { kind: 'abstained', reason: noVolumeReason(exam.images) }
  const frame = await frameOfReferenceOf(exam, axialSeries)
  if (frame === null || frame !== (await frameOfReferenceOf(exam, sagittalSeries)))
    return { kind: 'abstained', reason: 'geometry_unproven' }
  return {
    kind: 'sources',
    sagittal: await volumeOf(exam, sagittalSeries),
    axial: await volumeOf(exam, axialSeries),
    frameOfReference: frame,
  }
}

const inOrder = (series: readonly ExamSeries[], weightings: readonly string[]): ExamSeries | undefined =>
  weightings.flatMap((weighting) => series.filter((one) => weightingOf(one) === weighting))[0]

/** Extent along the patient's long axis, in whole centimetres: a few millimetres decide nothing. */
function tensOfMm({ stack }: ExamSeries): number {
  const heights = stack.frames.flatMap(({ position }) => (position ? [position[2]] : []))
  const inPlane = Math.abs(stack.columnDirection?.[2] ?? 0) * stack.rows * (stack.pixelSpacingMm?.[0] ?? 0)
  return Math.round((Math.max(...heights) - Math.min(...heights) + inPlane) / 10)
}

/** Sampled voxels of a CT at most, when its bones are weighed. */
const BONE_SAMPLES = 300_000

/** Where the spine runs: on CT the median of bone across the body, on MR the middle of the stack as it was planned. */
export function midlinePoint({ volume, series }: OpenedVolume, modality: 'ct' | 'mr'): Vector {
  const middle = middleOf(volume)
  if (modality === 'mr') return middle
  const every = Math.max(
    1,
    Math.ceil(Math.cbrt((volume.rows * volume.columns * series.stack.frames.length) / BONE_SAMPLES)),
  )
  const xs: number[] = []
  const ys: number[] = []
  for (let index = 0; index < volume.slices.length; index += every) {
    const slice = volume.slices[index]
    if (!slice) continue
    for (let row = 0; row < volume.rows; row += every) {
      for (let column = 0; column < volume.columns; column += every) {
        const hu = slice.slope * (slice.values[row * volume.columns + column] ?? 0) + slice.intercept
        if (hu <= sagittal.boneHu) continue
        const [x, y] = placeOf(volume, slice.position, { row, column })
        xs.push(x)
        ys.push(y)
      }
    }
  }
  const median = (values: number[]): number | undefined => Float64Array.from(values).toSorted()[values.length >>> 1]
  return [median(xs) ?? middle[0], median(ys) ?? middle[1], middle[2]]
}

function placeOf(volume: Volume, position: Vector, { row, column }: { row: number; column: number }): Vector {
  const [across, down] = [column * volume.columnSpacingMm, row * volume.rowSpacingMm]
  const along = (axis: 0 | 1 | 2): number =>
    position[axis] + volume.rowDirection[axis] * across + volume.columnDirection[axis] * down
  return [along(0), along(1), along(2)]
}

/** Middle of a volume. */
export function middleOf(volume: Volume): Vector {
  const centre = { row: (volume.rows - 1) / 2, column: (volume.columns - 1) / 2 }
  const [first, last] = [volume.slices[0], volume.slices.at(-1)]
  if (!first || !last) throw new RangeError('middleOf: a volume without slices')
  const [a, b] = [placeOf(volume, first.position, centre), placeOf(volume, last.position, centre)]
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2]
}
