import { type DecodedInstance, decodeInstance } from '@facetgrade/dicom/decode-instance'
import { dot, type Vector } from '@facetgrade/dicom/patient-direction'
import type { SeriesStack } from '@facetgrade/dicom/series-judgement'
import type { Modality } from '@facetgrade/grading/modality'
import type { AbstainReason } from '@facetgrade/grading/prediction'
import type { XrayView } from './crop-projection.ts'
import { mrRange, type ValueRange } from './crop-volume.ts'
import { type InstanceBytes, openVolume } from './open-volume.ts'
import { PREPROCESSING } from './preprocessing.ts'
import type { Volume } from './volume.ts'

/** A stack as the import judged it, and what its series is for (`axial-bone`, `sagittal-t2`, …). */
export type ExamSeries = { readonly stack: SeriesStack; readonly role: string }

/** Everything of an exam that a model may need; plain values and one port, so that it can cross to another process. */
export type ExamImages = {
  readonly modality: Modality
  readonly series: readonly ExamSeries[]
  /** Confirmed sides of X-ray images by SOP instance uid; an image without one is not used. */
  readonly xraySides: Readonly<Record<string, XrayView>>
  readonly instanceBytes: InstanceBytes
}

export type OpenedVolume = {
  readonly volume: Volume
  /** What becomes 0 and 1: of the modality on CT, of the stack on MR. */
  readonly range: ValueRange
  readonly fill: number
  readonly series: ExamSeries
}

/** The stacks of a CT or MR exam, each opened once, when it is first needed. */
export type ExamVolumes = {
  readonly images: ExamImages
  readonly opened: Map<SeriesStack, Promise<OpenedVolume>>
  readonly framesOfReference: Map<SeriesStack, Promise<string | null>>
  /** X-ray images by SOP instance uid: ten joints lie in each. */
  readonly projections: Map<string, Promise<DecodedInstance>>
}

export const openExam = (images: ExamImages): ExamVolumes => ({
  images,
  opened: new Map(),
  framesOfReference: new Map(),
  projections: new Map(),
})

/** Coarsest distance of slices from which a joint can still be told: across its plane, and in a stack of another plane. */
const COARSEST_AXIAL_MM = { ct: 5, mr: 6.5 } as const
const COARSEST_OTHER_MM = 1.5
const COARSEST_PIXEL_MM = 1.5

const isFineEnough = ({ stack }: ExamSeries, modality: 'ct' | 'mr'): boolean =>
  stack.plane !== 'oblique' &&
  (stack.sliceSpacingMm ?? Number.POSITIVE_INFINITY) <=
    (stack.plane === 'axial' ? COARSEST_AXIAL_MM[modality] : COARSEST_OTHER_MM) &&
  Math.max(...(stack.pixelSpacingMm ?? [Number.POSITIVE_INFINITY])) <= COARSEST_PIXEL_MM

/** What still shows where joints are, though not how they are. */
const COARSEST_TO_LOCATE_MM = { slice: 5, pixel: 3.5 } as const

const isVolume = ({ stack }: ExamSeries): boolean => stack.kind === 'volume' && stack.gradable

export const weightingOf = ({ role }: ExamSeries): string => role.split('-').at(-1) ?? ''

/** Axial before others, bone kernels before others, thin slices before thick ones; ties by the first image's uid. */
function compareSeries(a: ExamSeries, b: ExamSeries): number {
  const plane = Number(a.stack.plane !== 'axial') - Number(b.stack.plane !== 'axial')
  const kernel = Number(weightingOf(a) !== 'bone') - Number(weightingOf(b) !== 'bone')
  const spacing = (a.stack.sliceSpacingMm ?? 0) - (b.stack.sliceSpacingMm ?? 0)
  const uid = (of: ExamSeries): string => of.stack.frames[0]?.sopInstanceUid ?? ''
  return plane || kernel || spacing || (uid(a) < uid(b) ? -1 : 1)
}

/** Stacks from which joints may be cropped, best first. */
export function gradableSeries({ modality, series }: ExamImages): ExamSeries[] {
  if (modality === 'xray') return []
  return series.filter((one) => isVolume(one) && isFineEnough(one, modality)).toSorted(compareSeries)
}

/** Stacks in which joints may be located, best first: those to crop from, and coarser ones. */
export function locatableSeries(images: ExamImages): ExamSeries[] {
  const fine = gradableSeries(images)
  if (fine.length > 0 || images.modality === 'xray') return fine
  return images.series
    .filter(
      (one) =>
        isVolume(one) &&
        one.stack.plane !== 'oblique' &&
        (one.stack.sliceSpacingMm ?? Number.POSITIVE_INFINITY) <= COARSEST_TO_LOCATE_MM.slice &&
        Math.max(...(one.stack.pixelSpacingMm ?? [Number.POSITIVE_INFINITY])) <= COARSEST_TO_LOCATE_MM.pixel,
    )
    .toSorted(compareSeries)
}

/** Why an exam has no stack to crop from. */
export function noVolumeReason({ series }: ExamImages): AbstainReason {
  const volumes = series.filter(({ stack }) => stack.kind === 'volume')
  return volumes.some((one) => one.stack.code === 'SLICE_MISSING' || isVolume(one))
    ? 'missing_slices'
    : 'geometry_unproven'
}

/** Coverage below this is too little to grade on. */
export const LEAST_COVERAGE = 0.8

/** Share of a box around a point that lies inside a stack, from its geometry alone. */
export function geometricCoverage(stack: SeriesStack, pointMm: Vector, boxMm: number): number {
  const { rowDirection, columnDirection, normal, pixelSpacingMm, frames } = stack
  if (!rowDirection || !columnDirection || !normal || !pixelSpacingMm) return 0
  const at = dot(pointMm, normal)
  const positions = frames.flatMap(({ position }) => (position ? [position] : []))
  const nearest = positions.reduce<Vector | undefined>(
    (best, one) =>
      best === undefined || Math.abs(dot(one, normal) - at) < Math.abs(dot(best, normal) - at) ? one : best,
    undefined,
  )
  const [first, last] = [positions[0], positions.at(-1)]
  if (!nearest || !first || !last) return 0
  const from: Vector = [pointMm[0] - nearest[0], pointMm[1] - nearest[1], pointMm[2] - nearest[2]]
  const half = (stack.sliceSpacingMm ?? 0) / 2
  const [rowMm, columnMm] = pixelSpacingMm
  return (
    overlap(at, boxMm / 2, [dot(first, normal) - half, dot(last, normal) + half]) *
    overlap(dot(from, rowDirection), boxMm, [-columnMm / 2, (stack.columns - 0.5) * columnMm]) *
    overlap(dot(from, columnDirection), boxMm, [-rowMm / 2, (stack.rows - 0.5) * rowMm])
  )
}

const overlap = (centre: number, width: number, [from, to]: readonly [number, number]): number =>
  Math.max(0, Math.min(centre + width / 2, to) - Math.max(centre - width / 2, from)) / width

export function frameOfReferenceOf(exam: ExamVolumes, { stack }: ExamSeries): Promise<string | null> {
  const known = exam.framesOfReference.get(stack)
  if (known) return known
  const [first] = stack.frames
  const read = first
    ? exam.images
        .instanceBytes(first.sopInstanceUid)
        .then(decodeInstance)
        .then(({ header }) => header.frameOfReferenceUid)
    : Promise.resolve(null)
  exam.framesOfReference.set(stack, read)
  return read
}

export function volumeOf(exam: ExamVolumes, series: ExamSeries): Promise<OpenedVolume> {
  const known = exam.opened.get(series.stack)
  if (known) return known
  const opening = open(exam.images, series)
  exam.opened.set(series.stack, opening)
  return opening
}

export function projectionOf({ images, projections }: ExamVolumes, sop: string): Promise<DecodedInstance> {
  const known = projections.get(sop)
  if (known) return known
  const decoding = images.instanceBytes(sop).then(decodeInstance)
  projections.set(sop, decoding)
  return decoding
}

async function open({ modality, instanceBytes }: ExamImages, series: ExamSeries): Promise<OpenedVolume> {
  const volume = await openVolume(series.stack, instanceBytes)
  if (modality === 'ct') {
    const { low, high, fillHu } = PREPROCESSING.ct
    return { volume, range: { low, high }, fill: fillHu, series }
  }
  const range = mrRange(volume)
  return { volume, range, fill: range.low, series }
}

/** SOP instance uids of a stack. */
export const instancesOf = ({ stack }: ExamSeries): Set<string> =>
  new Set(stack.frames.map(({ sopInstanceUid }) => sopInstanceUid))
