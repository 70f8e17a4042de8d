import { type Brush, brushOf } from './brush.ts'
import { decimals, text } from './dicom-object.ts'
import { drawsOf } from './draws.ts'
import type { ExamContext, ExamObject } from './exam-context.ts'
import { boxAround } from './field-of-view.ts'
import { noiseOf } from './noise.ts'
import { drawPose, type Pose, rounded } from './pose.ts'
import { softTissue } from './soft-tissue.ts'
import { type Grid, renderSlice } from './stack.ts'
import { type SeriesOfSlices, sliceObject } from './stack-objects.ts'
import { contrastsOf, paletteOf } from './tissue.ts'
import { type TissueSampler, tissueSampler } from './tissue-sampler.ts'

/** How the MR was taken: axial and sagittal stacks, each as T2 and T1, in one frame of reference. */
export type MrAcquisition = { pose: Pose; axial: Grid; sagittal: Grid; noise: number; bias: Bias; gain: number }
/** Slow change of the coil's sensitivity: shares per 100 mm along x, y and z, and towards the back. */
type Bias = { x: number; y: number; z: number; coil: number }

const THICKNESS_MM = 4
const SPACING_MM = 4.4
const SIZES = {
  compact: {
    pixelMm: 0.8,
    layers: 2,
    margins: { side: 27, front: 46, back: 28, foot: 22, head: 20 },
    sagittalHalf: 30,
  },
  full: { pixelMm: 0.65, layers: 3, margins: { side: 70, front: 80, back: 60, foot: 40, head: 40 }, sagittalHalf: 40 },
} as const

export function mrAcquisition({ sha256, seed, patient, spine, size }: ExamContext): MrAcquisition {
  const draws = drawsOf(sha256, seed, `mr-${patient.patientId}`)
  const pose = drawPose(draws, { degrees: 3, shiftMm: 20 })
  const { pixelMm, layers, margins, sagittalHalf } = SIZES[size]
  const box = boxAround(spine, pose, margins)
  const spacing = { pixelMm, thicknessMm: THICKNESS_MM, spacingMm: SPACING_MM, layers }
  const middle = (box.low[0] + box.high[0]) / 2
  const sagittalSlices = 2 * Math.floor(sagittalHalf / SPACING_MM) + 1
  const axial: Grid = {
    ...spacing,
    origin: rounded(box.low),
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceDirection: [0, 0, 1],
    columns: Math.ceil((box.high[0] - box.low[0]) / pixelMm),
    rows: Math.ceil((box.high[1] - box.low[1]) / pixelMm),
    slices: Math.ceil((box.high[2] - box.low[2]) / SPACING_MM),
  }
  const sagittal: Grid = {
    ...spacing,
    origin: rounded([middle - ((sagittalSlices - 1) / 2) * SPACING_MM, box.low[1], box.high[2]]),
    rowDirection: [0, 1, 0],
    columnDirection: [0, 0, -1],
    sliceDirection: [1, 0, 0],
    columns: axial.rows,
    rows: Math.ceil((box.high[2] - box.low[2]) / pixelMm),
    slices: sagittalSlices,
  }
  const slope = () => draws.between(-0.16, 0.16)
  return {
    pose,
    axial,
    sagittal,
    noise: draws.between(0.02, 0.045),
    bias: { x: slope(), y: slope(), z: slope(), coil: draws.between(0.1, 0.35) },
    gain: draws.between(0.8, 1.25),
  }
}

type Weighting = { weighting: 'T2' | 'T1'; repetition: number; echo: number }
const T2: Weighting = { weighting: 'T2', repetition: 3500, echo: 100 }
const T1: Weighting = { weighting: 'T1', repetition: 550, echo: 11 }
/** Stored value of signal 1 before the scanner's own gain. */
const FULL_SIGNAL = 900

function seriesOf(
  plane: 'axial' | 'sagittal',
  number: number,
  { weighting, repetition, echo }: Weighting,
): SeriesOfSlices {
  return {
    modality: 'MR',
    name: `${plane}-${weighting}`,
    number,
    description: `${weighting} TSE ${plane === 'axial' ? 'TRA' : 'SAG'}`,
    bitsStored: 12,
    attributes: [
      text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\OTHER'),
      text(0x00180015, 'CS', 'LSPINE'),
      text(0x00180020, 'CS', 'SE'),
      text(0x00180021, 'CS', 'SK'),
      text(0x00180022, 'CS', ''),
      text(0x00180023, 'CS', '2D'),
      decimals(0x00180080, repetition),
      decimals(0x00180081, echo),
      decimals(0x00180083, 2),
      decimals(0x00180084, 63.87),
      decimals(0x00180087, 1.5),
      decimals(0x00180088, SPACING_MM),
      text(0x00180091, 'IS', weighting === 'T2' ? '16' : '3'),
      decimals(0x00181314, 150),
      decimals(0x00281050, 500),
      decimals(0x00281051, 1000),
    ],
  }
}

/** Four series: the tissue of each slice is looked up once and coloured twice. */
export function mrObjects(context: ExamContext, acquisition: MrAcquisition): ExamObject[] {
  const { spine, texture } = context
  const { axial, sagittal } = acquisition
  const blurMm = Math.max(0.75, axial.pixelMm * 1.1)
  const soft = softTissue(spine, texture, blurMm)
  const sampler = tissueSampler(spine, texture, { blurMm, soft })
  const { t2, t1 } = contrastsOf(spine.ageYears)
  const scanner = { sampler, brush: brushOf(paletteOf(t2), paletteOf(t1)), acquisition }
  return [
    ...pairOfSeries(context, scanner, { grid: sagittal, plane: 'sagittal', first: 2 }),
    ...pairOfSeries(context, scanner, { grid: axial, plane: 'axial', first: 4 }),
  ]
}

type Scanner = { sampler: TissueSampler; brush: Brush; acquisition: MrAcquisition }

function pairOfSeries(
  context: ExamContext,
  { sampler, brush, acquisition }: Scanner,
  { grid, plane, first }: { grid: Grid; plane: 'axial' | 'sagittal'; first: number },
): ExamObject[] {
  const { sha256, seed, patient } = context
  const normal = noiseOf(drawsOf(sha256, seed, `mr-noise-${plane}-${patient.patientId}`))
  const t2: ExamObject[] = []
  const t1: ExamObject[] = []
  for (let slice = 0; slice < grid.slices; slice += 1) {
    const made = renderSlice(sampler, brush, { grid, pose: acquisition.pose, slice })
    const store = (values: Float32Array) => received(values, { grid, slice, acquisition, normal })
    t2.push(sliceObject(context, seriesOf(plane, first, T2), { grid, slice, pixels: store(made.first) }))
    t1.push(sliceObject(context, seriesOf(plane, first + 1, T1), { grid, slice, pixels: store(made.second) }))
  }
  return [...t2, ...t1]
}

type Reception = { grid: Grid; slice: number; acquisition: MrAcquisition; normal: () => number }

/** Coil sensitivity, then the magnitude of a complex signal with noise in both parts: Rician noise. */
function received(values: Float32Array, { grid, slice, acquisition, normal }: Reception): Uint16Array {
  const { bias, noise, gain } = acquisition
  const pixels = new Uint16Array(values.length)
  const { rowDirection: r, columnDirection: c, sliceDirection: s, pixelMm, spacingMm } = grid
  const middle: [number, number, number] = [grid.columns / 2, grid.rows / 2, grid.slices / 2]
  const per = (axis: 0 | 1 | 2, u: number, v: number, n: number): number =>
    (r[axis] * u + c[axis] * v + s[axis] * n) / 100
  const n = (slice - middle[2]) * spacingMm
  for (let row = 0; row < grid.rows; row += 1) {
    const v = (row - middle[1]) * pixelMm
    for (let column = 0; column < grid.columns; column += 1) {
      const u = (column - middle[0]) * pixelMm
      const y = per(1, u, v, n)
      const field = 1 + bias.x * per(0, u, v, n) + bias.y * y + bias.z * per(2, u, v, n) + bias.coil * y * Math.abs(y)
      const at = row * grid.columns + column
      const real = (values[at] as number) * Math.max(0.3, field) + noise * normal()
      const imaginary = noise * normal()
      pixels[at] = Math.min(4095, Math.round(FULL_SIGNAL * gain * Math.sqrt(real * real + imaginary * imaginary)))
    }
  }
  return pixels
}
