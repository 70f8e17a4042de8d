import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { FEATURES } from '../packages/grading/src/feature.ts'
import { type JointId, jointId, LEVELS, SIDES } from '../packages/grading/src/joint.ts'
import { brushOf } from '../packages/phantom/src/brush.ts'
import { drawsOf } from '../packages/phantom/src/draws.ts'
import type { JointGrades } from '../packages/phantom/src/joint-grades.ts'
import { correlatedNoise, noiseOf } from '../packages/phantom/src/noise.ts'
import { contextOf } from '../packages/phantom/src/phantom-patient.ts'
import { dxAcquisition, radiographs } from '../packages/phantom/src/radiograph.ts'
import { softTissue } from '../packages/phantom/src/soft-tissue.ts'
import { gradedJoints, jointCentre, type Spine, spineOf } from '../packages/phantom/src/spine.ts'
import { type Grid, renderSlice } from '../packages/phantom/src/stack.ts'
import { type Texture, textureOf } from '../packages/phantom/src/texture.ts'
import { contrastsOf, paletteOf } from '../packages/phantom/src/tissue.ts'
import { tissueSampler } from '../packages/phantom/src/tissue-sampler.ts'

// `node scripts/phantom-pictures.ts`: the pictures of docs/phantom.md. Synthetic phantoms; says nothing about patients.
const IMAGES = join(import.meta.dirname, '..', 'docs', 'images')
const SEED = 'pictures'
const AGE = 56
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const HEALTHY: JointGrades = { narrowing: 0, hypertrophy: 0, osteophytes: 0, erosion: 0, cyst: 0 }
const texture: Texture = textureOf(drawsOf(sha256, SEED, 'texture'))
const normal = noiseOf(drawsOf(sha256, SEED, 'noise'))

type Picture = { rows: number; columns: number; grey: Uint8Array }
type Shot = {
  centre: readonly [number, number, number]
  sideMm: readonly [number, number]
  plane: 'axial' | 'sagittal' | 'coronal'
}
type Kind = 'ct' | 't2' | 't1'

const PLANES = {
  axial: { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], sliceDirection: [0, 0, 1] },
  sagittal: { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1], sliceDirection: [1, 0, 0] },
  coronal: { rowDirection: [1, 0, 0], columnDirection: [0, 0, -1], sliceDirection: [0, 1, 0] },
} as const
const UNTURNED = {
  rotation: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  shift: [0, 0, 0],
} as const
const SETTINGS = {
  ct: { pixelMm: 0.5, thicknessMm: 1, layers: 1, low: -500, high: 1500 },
  t2: { pixelMm: 0.65, thicknessMm: 4, layers: 3, low: 0, high: 1.05 },
  t1: { pixelMm: 0.65, thicknessMm: 4, layers: 3, low: 0, high: 1.05 },
} as const
const CT_NOISE = 18
const MR_NOISE = 0.03

/** One slice with its noise, as a scanner would show it in the usual window, at half a millimetre a pixel. */
function shoot(spine: Spine, kind: Kind, shot: Shot): Picture {
  const { pixelMm, thicknessMm, layers, low, high } = SETTINGS[kind]
  const plane = PLANES[shot.plane]
  const columns = Math.round(shot.sideMm[0] / pixelMm)
  const rows = Math.round(shot.sideMm[1] / pixelMm)
  const corner = (axis: 0 | 1 | 2): number =>
    shot.centre[axis] - (plane.rowDirection[axis] * shot.sideMm[0] + plane.columnDirection[axis] * shot.sideMm[1]) / 2
  const grid: Grid = {
    ...plane,
    origin: [corner(0), corner(1), corner(2)],
    columns,
    rows,
    slices: 1,
    pixelMm,
    thicknessMm,
    spacingMm: thicknessMm,
    layers,
  }
  const blurMm = Math.max(0.7, pixelMm * 1.05)
  const soft = softTissue(spine, texture, blurMm)
  const contrasts = contrastsOf(spine.ageYears)
  const brush = brushOf(paletteOf(contrasts[kind]))
  const { first } = renderSlice(tissueSampler(spine, texture, { blurMm, soft }), brush, {
    grid,
    pose: UNTURNED,
    slice: 0,
  })
  const noise = correlatedNoise(normal, rows, columns)
  const grey = Uint8Array.from(first, (value, index) => {
    const noisy =
      kind === 'ct'
        ? value + CT_NOISE * (noise[index] ?? 0)
        : Math.hypot(value + MR_NOISE * normal(), MR_NOISE * normal())
    return quantised(((noisy - low) / (high - low)) * 255)
  })
  return resized({ rows, columns, grey }, pixelMm / 0.5)
}

/** 32 greys are enough for the eye and keep the files small. */
const quantised = (grey: number): number => Math.round(Math.max(0, Math.min(255, grey)) / 8.2) * 8.2

function resized({ rows, columns, grey }: Picture, factor: number): Picture {
  if (factor === 1) return { rows, columns, grey }
  const [tall, wide] = [Math.round(rows * factor), Math.round(columns * factor)]
  const result = new Uint8Array(tall * wide)
  for (let row = 0; row < tall; row += 1)
    for (let column = 0; column < wide; column += 1)
      result[row * wide + column] =
        grey[
          Math.min(rows - 1, Math.floor(row / factor)) * columns + Math.min(columns - 1, Math.floor(column / factor))
        ] ?? 0
  return { rows: tall, columns: wide, grey: result }
}

function sheet(lines: readonly (readonly Picture[])[]): Picture {
  const gap = 2
  const heightOf = (line: readonly Picture[]): number => Math.max(...line.map(({ rows }) => rows)) + gap
  const columns = Math.max(...lines.map((line) => line.reduce((sum, one) => sum + one.columns + gap, 0)))
  const rows = lines.reduce((sum, line) => sum + heightOf(line), 0)
  const grey = new Uint8Array(rows * columns)
  let top = 0
  for (const line of lines) {
    let left = 0
    for (const one of line) {
      for (let row = 0; row < one.rows; row += 1)
        grey.set(one.grey.subarray(row * one.columns, (row + 1) * one.columns), (top + row) * columns + left)
      left += one.columns + gap
    }
    top += heightOf(line)
  }
  return { rows, columns, grey }
}

function writePng(name: string, { rows, columns, grey }: Picture): void {
  const raw = Buffer.alloc((columns + 1) * rows)
  for (let row = 0; row < rows; row += 1)
    raw.set(grey.subarray(row * columns, (row + 1) * columns), row * (columns + 1) + 1)
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data])
    const framed = Buffer.alloc(named.length + 8)
    framed.writeUInt32BE(data.length, 0)
    named.copy(framed, 4)
    framed.writeUInt32BE(crc32(named), named.length + 4)
    return framed
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(columns, 0)
  header.writeUInt32BE(rows, 4)
  header[8] = 8
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  const path = join(IMAGES, `phantom-${name}.png`)
  const png = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
  writeFileSync(path, png)
  process.stdout.write(`${path}: ${columns} × ${rows}, ${(png.length / 1024).toFixed(0)} KB\n`)
}

const everywhere = (grades: Partial<JointGrades>): Map<JointId, JointGrades> =>
  new Map(LEVELS.flatMap((level) => SIDES.map((side) => [jointId(level, side), { ...HEALTHY, ...grades }] as const)))
const spineWith = (grades: ReadonlyMap<JointId, JointGrades>, name: string): Spine =>
  spineOf(sha256, sha256(name), { ageYears: AGE, sex: 'M', weightIndex: 24, grades })

/** Grades 0 to 3 of each feature at L4/5 left, through the middle of what tells the grade. */
function grades(kind: 'ct' | 't2'): Picture {
  return sheet(
    FEATURES.map((feature) =>
      [0, 1, 2, 3].map((grade) => {
        const spine = spineWith(everywhere({ [feature]: grade }), 'grades')
        const joint = gradedJoints(spine).find(({ level, side }) => level === 'L4L5' && side === 'left')
        if (joint === undefined) throw new RangeError('no L4/5')
        const { form } = joint
        const lift = {
          narrowing: 0,
          hypertrophy: 0,
          osteophytes: form.osteophytes[0]?.rod.az,
          erosion: form.pits[0]?.z,
          cyst: form.cysts[0]?.z,
        }
        const [x, y, z] = jointCentre(joint.disc, 'left')
        return shoot(spine, kind, { plane: 'axial', centre: [x - 3, y, z + (lift[feature] ?? 0)], sideMm: [50, 44] })
      }),
    ),
  )
}

function axialLevels(spine: Spine): Picture {
  const joints = gradedJoints(spine).filter(({ side }) => side === 'left')
  const line = (kind: Kind) =>
    joints.map(({ disc }) => {
      const [, y, z] = jointCentre(disc, 'left')
      return shoot(spine, kind, { plane: 'axial', centre: [0, y - 14, z], sideMm: [92, 88] })
    })
  return sheet([line('ct'), line('t2'), line('t1')])
}

function longSections(spine: Spine): Picture {
  const [, y, z] = spine.discs[3] === undefined ? [0, 0, 0] : jointCentre(spine.discs[3], 'left')
  const sagittal = (kind: Kind, x: number) =>
    shoot(spine, kind, { plane: 'sagittal', centre: [x, y - 12, z], sideMm: [112, 190] })
  return sheet([
    [
      sagittal('ct', 0),
      sagittal('ct', 17),
      shoot(spine, 'ct', { plane: 'coronal', centre: [0, y + 2, z], sideMm: [112, 190] }),
    ],
    [sagittal('t2', 0), sagittal('t2', 17), sagittal('t1', 17)],
  ])
}

function xray(): Picture {
  const { context } = contextOf({ sha256, seed: SEED, index: 3, size: 'full', prevalence: 'natural' })
  const acquisition = { ...dxAcquisition({ ...context, size: 'compact' }) }
  const views = radiographs(context, { ...acquisition, columns: Math.round(150 / acquisition.pixelMm) })
  return sheet([
    views.map(({ rows, columns, values }) => ({
      rows,
      columns,
      grey: Uint8Array.from(values, (value) => quantised(((value - 700) / 1900) * 255)),
    })),
  ])
}

writePng('grades-ct', grades('ct'))
writePng('grades-mr', grades('t2'))
const { grades: mixed } = contextOf({ sha256, seed: SEED, index: 3, size: 'full', prevalence: 'natural' })
const spine = spineWith(mixed, 'sections')
writePng('axial', axialLevels(spine))
writePng('sections', longSections(spine))
writePng('xray', xray())
