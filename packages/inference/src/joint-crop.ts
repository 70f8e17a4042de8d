import type { Vector } from '@facetgrade/dicom/patient-direction'
import type { Side } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import type { AbstainReason } from '@facetgrade/grading/prediction'
import { cropProjection, type XrayView } from './crop-projection.ts'
import { cropCt, cropMr, type Extent } from './crop-volume.ts'
import {
  type ExamSeries,
  type ExamVolumes,
  frameOfReferenceOf,
  geometricCoverage,
  gradableSeries,
  instancesOf,
  LEAST_COVERAGE,
  noVolumeReason,
  projectionOf,
  volumeOf,
  weightingOf,
} from './exam-volumes.ts'
import { GROUPS, PREPROCESSING } from './preprocessing.ts'

/** What a network takes of one joint; a group that the exam lacks is zeros and not present. */
export type JointCrop = {
  readonly kind: 'crop'
  /** Channels (groups × slices, or views) × rows × columns. */
  readonly values: Float32Array
  /** 1 or 0 for each group of the modality. */
  readonly present: readonly number[]
  /** SOP instance uids that the crop was cut from. */
  readonly sources: ReadonlySet<string>
}
export type NoCrop = { readonly kind: 'abstained'; readonly reason: AbstainReason }

const { crop } = PREPROCESSING

/** Slices (or the one plane of a view) of each group of a modality. */
export const groupDepth = (modality: Modality, extent: Extent): number =>
  modality === 'xray' ? 1 : crop[extent].slices

/** Channels, rows, columns of a modality's crop. */
export const cropShape = (modality: Modality, extent: Extent): [number, number, number] => [
  GROUPS[modality].length * groupDepth(modality, extent),
  crop[extent].rows,
  crop[extent].columns,
]

/** A CT showing less bone than this around a joint shows no joint. */
const LEAST_BONE_SHARE = 0.03

export type JointPlace = { readonly side: Side; readonly points: readonly JointPoint[]; readonly extent: Extent }

/** The crop of one joint at its published points, or why there is none. */
export function cropJoint(exam: ExamVolumes, place: JointPlace): Promise<JointCrop | NoCrop> {
  switch (exam.images.modality) {
    case 'ct':
      return cropFromCt(exam, place)
    case 'mr':
      return cropFromMr(exam, place)
    case 'xray':
      return cropFromXray(exam, place)
  }
}

const none = (reason: AbstainReason): NoCrop => ({ kind: 'abstained', reason })

type LpsPoint = Extract<JointPoint, { kind: 'lps' }>

/** The best stack that holds the joint in the point's frame of reference. */
async function seriesAt(
  exam: ExamVolumes,
  point: LpsPoint,
  wanted: (series: ExamSeries) => boolean,
): Promise<ExamSeries | NoCrop> {
  const series = gradableSeries(exam.images)
  if (series.length === 0) return none(noVolumeReason(exam.images))
  let isInFrame = false
  for (const one of series) {
    if (!wanted(one) || (await frameOfReferenceOf(exam, one)) !== point.frameOfReference) continue
    isInFrame = true
    if (geometricCoverage(one.stack, point.mm, crop.seen.columns * crop.inPlaneMm) >= LEAST_COVERAGE) return one
  }
  return none(isInFrame ? 'outside_volume' : 'geometry_unproven')
}

const lpsPoint = (points: readonly JointPoint[]): LpsPoint | undefined =>
  points.find((point): point is LpsPoint => point.kind === 'lps')

async function cropFromCt(exam: ExamVolumes, { side, points, extent }: JointPlace): Promise<JointCrop | NoCrop> {
  const point = lpsPoint(points)
  if (!point) return none('no_point')
  const series = await seriesAt(exam, point, () => true)
  if ('kind' in series) return series
  const { volume } = await volumeOf(exam, series)
  const { values, coverage, hasMetal, boneShare } = cropCt(volume, { pointMm: point.mm, side, extent })
  if (coverage < LEAST_COVERAGE) return none('outside_volume')
  if (hasMetal) return none('metal')
  if (boneShare < LEAST_BONE_SHARE) return none('wrong_body_part')
  return { kind: 'crop', values, present: [1], sources: instancesOf(series) }
}

async function cropFromMr(exam: ExamVolumes, { side, points, extent }: JointPlace): Promise<JointCrop | NoCrop> {
  const point = lpsPoint(points)
  if (!point) return none('no_point')
  const [, rows, columns] = cropShape('mr', extent)
  const size = groupDepth('mr', extent) * rows * columns
  const values = new Float32Array(size * GROUPS.mr.length)
  const present: number[] = []
  const sources = new Set<string>()
  let reason: NoCrop = none('missing_slices')
  for (const [index, group] of GROUPS.mr.entries()) {
    const series = await seriesAt(exam, point, (one) => weightingOf(one) === group)
    const cut = 'kind' in series ? series : await cutMr(exam, series, { pointMm: point.mm, side, extent })
    present.push('kind' in cut ? 0 : 1)
    if ('kind' in cut) {
      if (index === 0) reason = cut
      continue
    }
    values.set(cut.values, index * size)
    for (const uid of cut.sources) sources.add(uid)
  }
  return present.includes(1) ? { kind: 'crop', values, present, sources } : reason
}

type VolumePlace = { readonly pointMm: Vector; readonly side: Side; readonly extent: Extent }

async function cutMr(exam: ExamVolumes, series: ExamSeries, place: VolumePlace) {
  const { volume, range } = await volumeOf(exam, series)
  const { values, coverage } = cropMr(volume, place, range)
  if (coverage < LEAST_COVERAGE) return none('outside_volume')
  return { values, sources: instancesOf(series) }
}

/** Which group an image belongs to; an oblique one that shows the other side's joints belongs to none. */
function groupOfView({ view, shownJoints }: XrayView, side: Side): number | undefined {
  if (view === 'lateral') return 1
  if (view === 'oblique') return shownJoints === side ? 2 : undefined
  return 0
}

async function cropFromXray(exam: ExamVolumes, { side, points, extent }: JointPlace): Promise<JointCrop | NoCrop> {
  const { series, xraySides } = exam.images
  const [views, rows, columns] = cropShape('xray', extent)
  const values = new Float32Array(views * rows * columns)
  const present = GROUPS.xray.map(() => 0)
  const sources = new Set<string>()
  let reason: NoCrop = none('no_point')
  for (const point of points) {
    if (point.kind !== 'image') continue
    const view = xraySides[point.sop]
    const spacing = series.find(({ stack }) => stack.frames[0]?.sopInstanceUid === point.sop)?.stack.pixelSpacingMm
    const group = view && groupOfView(view, side)
    if (!view || !spacing) {
      reason = none('geometry_unproven')
      continue
    }
    if (group === undefined || present[group] === 1) continue
    const cut = cropProjection(await projectionOf(exam, point.sop), {
      uv: point.uv,
      side,
      view,
      pixelSpacingMm: spacing,
    })
    if (!cut || cut.coverage < LEAST_COVERAGE) {
      reason = none(cut ? 'outside_volume' : 'geometry_unproven')
      continue
    }
    present[group] = 1
    sources.add(point.sop)
    values.set(extent === 'stored' ? cut.values : centreOf(cut.values), group * rows * columns)
  }
  return present.includes(1) ? { kind: 'crop', values, present, sources } : reason
}

/** What a network sees of a stored crop. */
export function seenOf(stored: Float32Array, modality: Modality): Float32Array {
  const [, rows, columns] = cropShape(modality, 'stored')
  const depth = groupDepth(modality, 'stored')
  const margin = (depth - groupDepth(modality, 'seen')) / 2
  const planes: Float32Array[] = []
  for (let plane = 0; plane < stored.length / (rows * columns); plane += 1) {
    const inGroup = plane % depth
    if (inGroup < margin || inGroup >= depth - margin) continue
    planes.push(centreOf(stored.subarray(plane * rows * columns, (plane + 1) * rows * columns)))
  }
  const seen = new Float32Array(cropShape(modality, 'seen').reduce((product, one) => product * one, 1))
  for (const [index, plane] of planes.entries()) seen.set(plane, index * plane.length)
  return seen
}

/** The seen centre of a stored plane. */
function centreOf(stored: Float32Array): Float32Array {
  const { rows, columns } = crop.seen
  const seen = new Float32Array(rows * columns)
  const [top, left] = [(crop.stored.rows - rows) / 2, (crop.stored.columns - columns) / 2]
  for (let row = 0; row < rows; row += 1) {
    const start = (top + row) * crop.stored.columns + left
    seen.set(stored.subarray(start, start + columns), row * columns)
  }
  return seen
}
