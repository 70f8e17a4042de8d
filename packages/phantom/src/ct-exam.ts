import { brushOf } from './brush.ts'
import { decimals, text } from './dicom-object.ts'
import { drawsOf } from './draws.ts'
import type { ExamContext, ExamObject } from './exam-context.ts'
import { boxAround } from './field-of-view.ts'
import { correlatedNoise, noiseOf } from './noise.ts'
import { drawPose, type Pose, rounded } from './pose.ts'
import { softTissue } from './soft-tissue.ts'
import { type Grid, renderSlice } from './stack.ts'
import { type SeriesOfSlices, sliceObject } from './stack-objects.ts'
import { contrastsOf, paletteOf } from './tissue.ts'
import { tissueSampler } from './tissue-sampler.ts'

/** How the CT was taken: what geometry and visibility depend on. */
export type CtAcquisition = { pose: Pose; grid: Grid; noiseHu: number }

/** As scanners are set for the lumbar spine: mostly thin, some thick. */
const THICKNESS_MM = [0.625, 0.75, 1, 1, 1.25, 1.25, 1.5, 2, 2.5, 3] as const
const COMPACT = { thicknessMm: 1.5, pixelMm: 0.8, margins: { side: 27, front: 46, back: 28, foot: 24, head: 22 } }
const FULL = { columns: 512, pixelMm: 0.4, margins: { side: 0, front: 0, back: 0, foot: 45, head: 40 } }

export function ctAcquisition({ sha256, seed, patient, spine, size }: ExamContext): CtAcquisition {
  const draws = drawsOf(sha256, seed, `ct-${patient.patientId}`)
  const pose = drawPose(draws, { degrees: 3, shiftMm: 20 })
  const noiseHu = draws.between(12, 28)
  const drawn = draws.pick(THICKNESS_MM)
  const { margins, pixelMm } = size === 'compact' ? COMPACT : FULL
  const spacingMm = size === 'compact' ? COMPACT.thicknessMm : drawn
  const box = boxAround(spine, pose, margins)
  const columns = size === 'compact' ? Math.ceil((box.high[0] - box.low[0]) / pixelMm) : FULL.columns
  const rows = size === 'compact' ? Math.ceil((box.high[1] - box.low[1]) / pixelMm) : FULL.columns
  const [cx, cy] = [(box.low[0] + box.high[0]) / 2, (box.low[1] + box.high[1]) / 2]
  const origin: Grid['origin'] =
    size === 'compact' ? box.low : [cx - (columns / 2) * pixelMm, cy - 18 - (rows / 2) * pixelMm, box.low[2]]
  const grid: Grid = {
    origin: rounded(origin),
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceDirection: [0, 0, 1],
    columns,
    rows,
    slices: Math.ceil((box.high[2] - box.low[2]) / spacingMm),
    pixelMm,
    thicknessMm: spacingMm,
    spacingMm,
    layers: Math.max(1, Math.round(spacingMm / 1.3)),
  }
  return { pose, grid, noiseHu }
}

const SERIES: SeriesOfSlices = {
  modality: 'CT',
  name: 'ct',
  number: 2,
  description: 'Lumbar spine bone',
  bitsStored: 16,
  attributes: [
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    text(0x00180015, 'CS', 'LSPINE'),
    decimals(0x00180060, 120),
    text(0x00181210, 'SH', 'B60s'),
    decimals(0x00281050, 500),
    decimals(0x00281051, 2000),
    decimals(0x00281052, -1024),
    decimals(0x00281053, 1),
    text(0x00281054, 'LO', 'HU'),
  ],
}

/** Axial CT in Hounsfield units, stored with an offset of 1024. */
export function ctObjects(context: ExamContext, { pose, grid, noiseHu }: CtAcquisition): ExamObject[] {
  const { sha256, seed, patient, spine, texture } = context
  const blurMm = Math.max(0.7, grid.pixelMm * 1.05)
  const soft = softTissue(spine, texture, blurMm)
  const sampler = tissueSampler(spine, texture, { blurMm, soft })
  const brush = brushOf(paletteOf(contrastsOf(spine.ageYears).ct))
  const normal = noiseOf(drawsOf(sha256, seed, `ct-noise-${patient.patientId}`))
  return Array.from({ length: grid.slices }, (_, slice) => {
    const { first } = renderSlice(sampler, brush, { grid, pose, slice })
    const noise = correlatedNoise(normal, grid.rows, grid.columns)
    const pixels = new Int16Array(first.length)
    for (let index = 0; index < pixels.length; index += 1)
      pixels[index] = Math.max(0, Math.round((first[index] as number) + noiseHu * (noise[index] as number)) + 1024)
    return sliceObject(context, SERIES, { grid, slice, pixels })
  })
}
