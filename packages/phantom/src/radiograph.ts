import { type Brush, brushOf } from './brush.ts'
import { type Draws, drawsOf } from './draws.ts'
import type { ExamContext } from './exam-context.ts'
import { noiseOf } from './noise.ts'
import { gradedJoints, jointCentre, type Spine } from './spine.ts'
import type { Texture } from './texture.ts'
import { contrastsOf, paletteOf, TISSUE } from './tissue.ts'
import { type Region, type TissueSampler, tissueSampler } from './tissue-sampler.ts'
import { TURN_DEGREES, VIEWS, type View } from './view.ts'

export type Radiograph = { view: View; rows: number; columns: number; values: Uint16Array }
/** How the radiographs were taken; `centre` is the point of the spine's frame in the middle of each image. */
export type DxAcquisition = {
  pixelMm: number
  rows: number
  columns: number
  centre: readonly [number, number, number]
  /** Error of the patient's turn in each view, in degrees. */
  turnError: Record<View, number>
  /** Half axes of the trunk, across and front to back, and how far the skin of the back lies behind `centre`; mm. */
  trunk: readonly [number, number]
  backMm: number
  photons: number
}

const SIZES = { compact: { pixelMm: 0.8, side: 52, end: 26 }, full: { pixelMm: 0.5, side: 85, end: 45 } } as const
/** Attenuation of water at the beam's mean energy (model §3). */
const WATER_PER_MM = 0.0206
const SCATTER = 0.25

export function dxAcquisition({ sha256, seed, patient, spine, size }: ExamContext): DxAcquisition {
  const draws = drawsOf(sha256, seed, `dx-${patient.patientId}`)
  const { pixelMm, side, end } = SIZES[size]
  const centres = gradedJoints(spine).map(({ disc, side: of }) => jointCentre(disc, of))
  const heights = centres.map(([, , z]) => z)
  const [low, high] = [Math.min(...heights) - end, Math.max(...heights) + end]
  const y = centres.reduce((sum, point) => sum + point[1], 0) / centres.length
  const error = () => draws.between(-4, 4)
  return {
    pixelMm,
    rows: Math.ceil((high - low) / pixelMm),
    columns: Math.ceil((2 * side) / pixelMm),
    centre: [0, y - 16, (low + high) / 2],
    turnError: { AP: error(), LL: error(), RPO: error(), LPO: error() },
    trunk: [150 + 2 * spine.subcutaneousMm, draws.between(100, 125) + spine.subcutaneousMm],
    backMm: 58 * spine.size + spine.subcutaneousMm,
    photons: draws.between(6000, 14000),
  }
}

/** Column and row of a point of the spine's frame in a view: a parallel beam across the long axis. */
export function projectPoint(
  acquisition: DxAcquisition,
  view: View,
  [x, y, z]: readonly [number, number, number],
): [number, number] {
  const { centre, pixelMm, columns, rows } = acquisition
  const turn = ((TURN_DEGREES[view] + acquisition.turnError[view]) * Math.PI) / 180
  const across = (x - centre[0]) * Math.cos(turn) + (y - centre[1]) * Math.sin(turn)
  return [across / pixelMm + (columns - 1) / 2, (centre[2] - z) / pixelMm + (rows - 1) / 2]
}

/** Four views by Beer–Lambert: bone from the same shapes as CT, soft tissue as a trunk with some gas. */
export function radiographs(context: ExamContext, acquisition: DxAcquisition): Radiograph[] {
  const { sha256, seed, patient, spine } = context
  const bone = boneThickness(context, acquisition)
  const draws = drawsOf(sha256, seed, `dx-exposure-${patient.patientId}`)
  const gas = gasBubbles(draws, spine, acquisition)
  const normal = noiseOf(draws)
  return VIEWS.map((view, index) =>
    exposed(view, { acquisition, bone: bone[index] ?? new Float32Array(0), gas, texture: context.texture, normal }),
  )
}

/** Excess over soft tissue along each ray, in Hounsfield units × mm, by view. */
function boneThickness({ spine, texture }: ExamContext, acquisition: DxAcquisition): Float32Array[] {
  const { pixelMm, rows, columns, centre } = acquisition
  const { ct } = contrastsOf(spine.ageYears)
  const excess = paletteOf(ct)
  for (let index = 0; index < excess.length; index += 1)
    if (index !== TISSUE.grain) excess[index] = (excess[index] as number) - ct.muscle
  const brush = brushOf(excess)
  const sampler = tissueSampler(spine, texture, { blurMm: pixelMm * 1.2, soft: (target) => target.fill(TISSUE.muscle) })
  const images = VIEWS.map(() => new Float32Array(rows * columns))
  const rays = VIEWS.map((view) => {
    const turn = ((TURN_DEGREES[view] + acquisition.turnError[view]) * Math.PI) / 180
    return { cos: Math.cos(turn), sin: Math.sin(turn) }
  })
  const box = { x: 132, front: 122, back: 84 }
  const size = BLOCK * pixelMm
  for (let top = 0; top < rows; top += BLOCK)
    for (let x = -box.x; x < box.x; x += size)
      for (let y = centre[1] - box.front; y < centre[1] + box.back; y += size)
        splatBlock({ sampler, brush, acquisition, images, rays }, { x, y, top })
  return images
}

const BLOCK = 6
const region: Region = { kind: 'soft', mask: 0, arch: 0 }
type Splat = {
  sampler: TissueSampler
  brush: Brush
  acquisition: DxAcquisition
  images: readonly Float32Array[]
  rays: readonly { cos: number; sin: number }[]
}

/** Adds one block of voxels to all images; a voxel is shared by the two columns that it lies between. */
function splatBlock(splat: Splat, block: { x: number; y: number; top: number }): void {
  const { sampler, brush, acquisition, images, rays } = splat
  const { pixelMm, rows, columns, centre } = acquisition
  const half = ((BLOCK - 1) / 2) * pixelMm
  const heightOf = (row: number): number => centre[2] - (row - (rows - 1) / 2) * pixelMm
  sampler.regionAt(block.x + half, block.y + half, heightOf(block.top) - half, half * 1.75, region)
  if (region.kind === 'soft') return
  for (let row = block.top; row < Math.min(rows, block.top + BLOCK); row += 1) {
    const z = heightOf(row)
    for (let i = 0; i < BLOCK; i += 1) {
      const x = block.x + i * pixelMm
      for (let j = 0; j < BLOCK; j += 1) {
        const y = block.y + j * pixelMm
        sampler.sample(brush, region, x, y, z)
        const excess = brush.first * pixelMm
        if (excess === 0) continue
        for (let view = 0; view < rays.length; view += 1) {
          const ray = rays[view]
          const image = images[view]
          if (ray === undefined || image === undefined) continue
          const place = ((x - centre[0]) * ray.cos + (y - centre[1]) * ray.sin) / pixelMm + (columns - 1) / 2
          const column = Math.floor(place)
          if (column < 0 || column >= columns - 1) continue
          const share = place - column
          const at = row * columns + column
          image[at] = (image[at] as number) + excess * (1 - share)
          image[at + 1] = (image[at + 1] as number) + excess * share
        }
      }
    }
  }
}

type Bubble = { x: number; y: number; z: number; radius: number }

/** Gas in the bowel, in front of the spine. */
function gasBubbles(draws: Draws, spine: Spine, { centre }: DxAcquisition): Bubble[] {
  return Array.from({ length: 3 + draws.below(4) }, () => ({
    x: draws.between(-80, 80),
    y: centre[1] - draws.between(70, 120) * spine.size,
    z: centre[2] + draws.between(-90, 90),
    radius: draws.between(7, 17),
  }))
}

type Exposure = {
  acquisition: DxAcquisition
  bone: Float32Array
  gas: readonly Bubble[]
  texture: Texture
  normal: () => number
}

function exposed(view: View, { acquisition, bone, gas, texture, normal }: Exposure): Radiograph {
  const { rows, columns, pixelMm, trunk, backMm, photons } = acquisition
  const turn = ((TURN_DEGREES[view] + acquisition.turnError[view]) * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const water = new Float32Array(rows * columns)
  // The trunk is a flattened ellipse whose middle lies in front of the spine.
  const trunkAcross = -(trunk[1] - backMm) * sin
  const halfAcross = Math.sqrt((trunk[0] * cos) ** 2 + (trunk[1] * sin) ** 2)
  const bubbles = gas.map(({ x, y, z, radius }) => ({ at: projectPoint(acquisition, view, [x, y, z]), radius }))
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const across = (column - (columns - 1) / 2) * pixelMm - trunkAcross
      const chord = (2 * trunk[0] * trunk[1] * Math.sqrt(Math.max(0, 1 - (across / halfAcross) ** 4))) / halfAcross
      let path = chord + (bone[row * columns + column] ?? 0) / 1000
      for (const { at, radius } of bubbles) {
        const dx = (column - at[0]) * pixelMm
        const dy = (row - at[1]) * pixelMm * 1.4
        const outline = 0.22 * texture(dx / 9 + radius, dy / 9, radius) + 0.1 * texture(dx / 4, dy / 4, radius)
        const distance = Math.sqrt(dx * dx + dy * dy) * (1 + outline)
        if (distance < radius) path -= (0.9 * (radius * radius - distance * distance)) / radius
      }
      water[row * columns + column] = path
    }
  return { view, rows, columns, values: detected(water, { rows, columns, pixelMm, photons, normal }) }
}

type Detector = { rows: number; columns: number; pixelMm: number; photons: number; normal: () => number }

/** Photons that arrive (Poisson, by its normal approximation) with scatter, then the usual logarithm and flattening. */
function detected(water: Float32Array, { rows, columns, pixelMm, photons, normal }: Detector): Uint16Array {
  const reference = middleMean(water, rows, columns)
  const primary = water.map((path) => Math.exp(-WATER_PER_MM * (path - reference)))
  const scatter = smoothed(primary, { rows, columns, radius: Math.round(18 / pixelMm) })
  const logarithm = primary.map((share, index) => {
    const expected = photons * pixelMm * pixelMm * (share + SCATTER * (scatter[index] ?? 0))
    const counted = Math.max(1, expected + Math.sqrt(expected) * normal())
    return -Math.log(counted / (photons * pixelMm * pixelMm * (1 + SCATTER)))
  })
  const base = smoothed(logarithm, { rows, columns, radius: Math.round(14 / pixelMm) })
  return Uint16Array.from(logarithm, (value, index) => {
    const flat = value - 0.6 * (base[index] ?? 0)
    return Math.max(0, Math.min(4095, Math.round(1500 + 2600 * flat)))
  })
}

/** Exposure is set for the middle of the image, where the spine is. */
function middleMean(values: Float32Array, rows: number, columns: number): number {
  const from = Math.floor(columns * 0.38)
  const to = Math.ceil(columns * 0.62)
  let sum = 0
  for (let row = 0; row < rows; row += 1)
    for (let column = from; column < to; column += 1) sum += values[row * columns + column] as number
  return sum / (rows * (to - from))
}

/** Mean over a square, twice, by running sums. */
function smoothed(values: Float32Array, size: { rows: number; columns: number; radius: number }): Float32Array {
  const { rows, columns, radius } = size
  let now = values
  for (let pass = 0; pass < 2; pass += 1) {
    const across = new Float32Array(now.length)
    for (let row = 0; row < rows; row += 1)
      runningMean(now, across, { from: row * columns, step: 1, count: columns, radius })
    const down = new Float32Array(now.length)
    for (let column = 0; column < columns; column += 1)
      runningMean(across, down, { from: column, step: columns, count: rows, radius })
    now = down
  }
  return now
}

type Run = { from: number; step: number; count: number; radius: number }

function runningMean(source: Float32Array, target: Float32Array, { from, step, count, radius }: Run): void {
  let sum = 0
  let within = 0
  for (let index = -radius; index < count; index += 1) {
    const entering = index + radius
    if (entering < count) {
      sum += source[from + entering * step] as number
      within += 1
    }
    const leaving = index - radius - 1
    if (leaving >= 0) {
      sum -= source[from + leaving * step] as number
      within -= 1
    }
    if (index >= 0) target[from + index * step] = sum / within
  }
}
