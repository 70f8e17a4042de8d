import type { Vector } from '@facetgrade/dicom/patient-direction'
import { LEVELS, type Level } from '@facetgrade/grading/joint'
import type { ProposedPoints } from '@facetgrade/grading/model-answer'
import type { AbstainReason } from '@facetgrade/grading/prediction'
import { type Heatmap, heatmapPeaks, orderedPeaks } from './decode-heatmap.ts'
import { type ExamImages, openExam } from './exam-volumes.ts'
import {
  axialSlab,
  type LocaliserSources,
  localiserSources,
  midlinePoint,
  type Slab,
  sagittalSlab,
  slabPoint,
} from './localiser-slab.ts'
import { HEATMAP_STRIDE } from './network-contract.ts'
import type { OpenModel } from './open-model.ts'
import { PREPROCESSING } from './preprocessing.ts'
import type { Volume } from './volume.ts'

export type PointsInput = { readonly images: ExamImages; readonly levels: readonly Level[] }

/** A picture sees so much of a spine; a taller stack is looked at in several, so far apart. */
const WINDOW_STEP_MM = 64

/**
 * Where the joints of one exam are, as a proposal. First the levels on a midline picture, their order from head to foot
 * enforced; then the two joints of each level on an axial picture around it. Proposes nothing where it is not sure that
 * it sees a lumbar spine. X-ray has no localiser.
 */
export async function proposePoints(model: OpenModel, { images, levels }: PointsInput): Promise<ProposedPoints> {
  const { modality } = images
  const section = model.manifest.localiser?.modalities[modality]
  if (modality === 'xray' || !section) return nothing('modality_unsupported')
  const sources = await localiserSources(openExam(images))
  if (sources.kind === 'abstained') return nothing(sources.reason)
  const found = await findLevels(model, modality, sources)
  if (!found) return nothing('wrong_body_part')
  const asked = found.filter(({ level }) => levels.includes(level))
  const joints = await findJoints(model, { modality, sources }, asked)
  const naming = Math.min(...found.map(({ mass }) => mass))
  const confidences = joints.map(({ confidence }) => confidence)
  const typical = confidences.reduce((sum, one) => sum + one, 0) / Math.max(1, confidences.length)
  if (joints.length === 0 || typical < section.minimumConfidence) return { ...nothing('wrong_body_part'), naming }
  // A spine of another number of vertebrae was numbered by a person; the networks know five levels.
  const isUsual = levels.every((level) => (LEVELS as readonly Level[]).includes(level))
  return { points: joints, naming, isNamingSure: isUsual && naming >= section.namingConfidence, abstained: null }
}

const nothing = (reason: AbstainReason): ProposedPoints => ({
  points: [],
  naming: null,
  isNamingSure: false,
  abstained: reason,
})

type FoundLevel = { readonly level: Level; readonly midpoint: Vector; readonly mass: number }

async function findLevels(
  model: OpenModel,
  modality: 'ct' | 'mr',
  { sagittal }: LocaliserSources,
): Promise<FoundLevel[] | undefined> {
  const midline = midlinePoint(sagittal, modality)
  const slabs = windowHeights(sagittal.volume, midline[2]).map((z) =>
    sagittalSlab(sagittal, [midline[0], midline[1], z], 'seen'),
  )
  const outputs = await model.run(
    { role: 'localiser-sagittal', modality },
    slabs.map(({ values }) => ({ slices: values })),
  )
  const heatmaps = outputs.get('heatmaps') ?? new Float32Array(0)
  const { rows, columns } = PREPROCESSING.sagittal.seen
  const candidates = slabs.flatMap((slab, index) => {
    const maps = mapsOf(heatmaps, {
      item: index,
      maps: LEVELS.length,
      rows: rows / HEATMAP_STRIDE,
      columns: columns / HEATMAP_STRIDE,
    })
    const ordered = orderedPeaks(maps)
    return ordered ? [{ slab, ...ordered }] : []
  })
  const best = candidates.toSorted((a, b) => b.score - a.score)[0]
  if (!best) return undefined
  const middle = (best.slab.shape[0] - 1) / 2
  const pixel = (cell: number): number => cell * HEATMAP_STRIDE + (HEATMAP_STRIDE - 1) / 2
  return LEVELS.flatMap((level, index) => {
    const peak = best.peaks[index]
    return peak
      ? [{ level, midpoint: slabPoint(best.slab, [middle, pixel(peak.row), pixel(peak.column)]), mass: peak.mass }]
      : []
  })
}

/** One picture in the middle of a stack that is not much taller; else as many as cover it. */
function windowHeights(volume: Volume, middle: number): number[] {
  const heights = cornerHeights(volume)
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  const seen = PREPROCESSING.sagittal.seen.rows * PREPROCESSING.sagittal.spacingMm[1]
  const spare = high - low - seen
  if (spare <= WINDOW_STEP_MM) return [middle]
  const count = Math.ceil(spare / WINDOW_STEP_MM) + 1
  return Array.from({ length: count }, (_, index) => high - seen / 2 - (spare * index) / (count - 1))
}

function cornerHeights({
  slices,
  columnDirection,
  rowDirection,
  rows,
  columns,
  rowSpacingMm,
  columnSpacingMm,
}: Volume): number[] {
  const down = columnDirection[2] * (rows - 1) * rowSpacingMm
  const across = rowDirection[2] * (columns - 1) * columnSpacingMm
  return [slices[0], slices.at(-1)].flatMap((slice) =>
    slice ? [0, down, across, down + across].map((offset) => slice.position[2] + offset) : [],
  )
}

type Item = { readonly item: number; readonly maps: number; readonly rows: number; readonly columns: number }

function mapsOf(values: Float32Array, { item, maps, rows, columns }: Item): Heatmap[] {
  const size = rows * columns
  return Array.from({ length: maps }, (_, map) => ({
    values: values.subarray((item * maps + map) * size, (item * maps + map + 1) * size),
    rows,
    columns,
  }))
}

type Where = { readonly modality: 'ct' | 'mr'; readonly sources: LocaliserSources }

async function findJoints(
  model: OpenModel,
  { modality, sources }: Where,
  found: readonly FoundLevel[],
): Promise<ProposedPoints['points']> {
  const slabs = found.map(({ midpoint }) => axialSlab(sources.axial, midpoint, 'seen'))
  const outputs = await model.run(
    { role: 'localiser-axial', modality },
    slabs.map(({ values }) => ({ slab: values })),
  )
  const heatmaps = outputs.get('heatmaps') ?? new Float32Array(0)
  const offsets = outputs.get('offset') ?? new Float32Array(0)
  const { rows, columns } = PREPROCESSING.axial.seen
  return found.flatMap(({ level, mass }, index) => {
    const slab = slabs[index]
    if (!slab) return []
    const [left, right] = mapsOf(heatmaps, { item: index, maps: 2, rows, columns }).map((map) => heatmapPeaks(map)[0])
    if (!left || !right) return []
    const place = (peak: typeof left, side: 0 | 1): Vector => jointPoint(slab, peak, offsets[index * 2 + side] ?? 0)
    const [a, b] = [place(left, 0), place(right, 1)]
    // A pair whose left joint is not on the patient's left is no pair.
    if (a[0] <= b[0]) return []
    const point = (side: 'left' | 'right', mm: Vector, confidence: number) => ({
      point: {
        level,
        side,
        kind: 'lps' as const,
        mm: [...mm] as [number, number, number],
        frameOfReference: sources.frameOfReference,
      },
      confidence: Math.min(mass, confidence),
    })
    return [point('left', a, left.mass), point('right', b, right.mass)]
  })
}

function jointPoint(slab: Slab, { row, column }: { row: number; column: number }, offsetMm: number): Vector {
  const slice = (slab.shape[0] - 1) / 2 + offsetMm / PREPROCESSING.axial.spacingMm[0]
  return slabPoint(slab, [slice, row, column])
}
