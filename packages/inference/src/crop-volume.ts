import type { Vector } from '@facetgrade/dicom/patient-direction'
import type { Side } from '@facetgrade/grading/joint'
import { PREPROCESSING } from './preprocessing.ts'
import { type Resampled, resample } from './resample.ts'
import type { Volume } from './volume.ts'

/** `seen`: what a network takes. `stored`: the same with a margin all around, for augmentation in training. */
export type Extent = 'seen' | 'stored'

export type VolumeCrop = {
  /** slices × rows × columns, normalised to about 0 to 1. */
  readonly values: Float32Array
  /** Share of the seen crop that lies inside the volume. */
  readonly coverage: number
}

export type CropPlace = { readonly pointMm: Vector; readonly side: Side; readonly extent: Extent }

const { crop } = PREPROCESSING

function cropOf(volume: Volume, { pointMm, side, extent }: CropPlace, fill: number): Resampled & { coverage: number } {
  const { slices, rows, columns } = crop[extent]
  const resampled = resample(
    volume,
    {
      centreMm: pointMm,
      counts: [slices, rows, columns],
      spacingMm: [crop.sliceMm, crop.inPlaneMm, crop.inPlaneMm],
      isMirrored: side === 'right',
    },
    fill,
  )
  return { ...resampled, coverage: coverageOf(resampled) }
}

function coverageOf({ covered }: Resampled): number {
  const { slices, rows, columns } = crop.seen
  return centreMean(covered.z, slices) * centreMean(covered.y, rows) * centreMean(covered.x, columns)
}

function centreMean(shares: Float64Array, count: number): number {
  const from = (shares.length - count) / 2
  let sum = 0
  for (let at = from; at < from + count; at += 1) sum += shares[at] ?? 0
  return sum / count
}

/** Hounsfield units of implants; cortex ends near 2,000. */
const METAL_HU = 2500
const METAL_SHARE = 0.001
const BONE_HU = 150

export type CtCrop = VolumeCrop & {
  readonly hasMetal: boolean
  /** Share of voxels above 150 HU. */
  readonly boneShare: number
}

/** A crop of a CT around a point, in Hounsfield units windowed to 0..1. */
export function cropCt(volume: Volume, place: CropPlace): CtCrop {
  const { low, high, fillHu } = PREPROCESSING.ct
  const { values, coverage } = cropOf(volume, place, fillHu)
  let metal = 0
  let bone = 0
  for (let at = 0; at < values.length; at += 1) {
    const hu = values[at] ?? 0
    if (hu > METAL_HU) metal += 1
    if (hu > BONE_HU) bone += 1
    values[at] = Math.min(1, Math.max(0, (hu - low) / (high - low)))
  }
  return { values, coverage, hasMetal: metal > METAL_SHARE * values.length, boneShare: bone / values.length }
}

/** Values that become 0 and 1. */
export type ValueRange = { readonly low: number; readonly high: number }

/** A crop of an MR stack, normalised by the stack's own range. */
export function cropMr(volume: Volume, place: CropPlace, range: ValueRange): VolumeCrop {
  const { values, coverage } = cropOf(volume, place, range.low)
  normalise(values, range, PREPROCESSING.mr.clip)
  return { values, coverage }
}

/** In place: low becomes 0, high becomes 1, clipped. A range without extent makes zeros. */
export function normalise(
  values: Float32Array,
  { low, high }: ValueRange,
  [least, greatest]: readonly [number, number],
): void {
  const scale = high > low ? 1 / (high - low) : 0
  for (let at = 0; at < values.length; at += 1) {
    values[at] = Math.min(greatest, Math.max(least, ((values[at] ?? 0) - low) * scale))
  }
}

/** Percentiles of a regular sample of the middle half of rows and columns of every slice. */
export function mrRange(volume: Volume): ValueRange {
  const { samples, lowPercentile, highPercentile } = PREPROCESSING.mr
  const [rows, columns] = [volume.rows >>> 1, volume.columns >>> 1]
  const every = Math.max(1, Math.ceil(Math.sqrt((rows * columns * volume.slices.length) / samples)))
  const [top, left] = [(volume.rows - rows) >>> 1, (volume.columns - columns) >>> 1]
  const sampled: number[] = []
  const sign = volume.isNegated ? -1 : 1
  for (const { values, slope, intercept } of volume.slices) {
    for (let row = 0; row < rows; row += every) {
      const start = (top + row) * volume.columns + left
      for (let column = 0; column < columns; column += every) {
        sampled.push(sign * (slope * (values[start + column] ?? 0) + intercept))
      }
    }
  }
  return percentileRange(Float64Array.from(sampled), lowPercentile, highPercentile)
}

/** Percentile p of n sorted values: linear between the neighbours of index p / 100 × (n − 1). */
export function percentileRange(
  values: Float32Array | Float64Array,
  lowPercentile: number,
  highPercentile: number,
): ValueRange {
  const sorted = values.toSorted()
  const at = (percentile: number): number => {
    const index = (percentile / 100) * (sorted.length - 1)
    const below = Math.floor(index)
    const [a, b] = [sorted[below] ?? 0, sorted[Math.min(below + 1, sorted.length - 1)] ?? 0]
    return a + (b - a) * (index - below)
  }
  return { low: at(lowPercentile), high: at(highPercentile) }
}
