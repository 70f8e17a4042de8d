import { createHash } from 'node:crypto'
import { type JointId, jointId, LEVELS, SIDES } from '@facetgrade/grading/joint'
import { expect, test } from 'vitest'
import { brushOf } from './brush.ts'
import { DOSE } from './dose.ts'
import { drawsOf } from './draws.ts'
import type { JointGrades } from './joint-grades.ts'
import type { Pose, Vector } from './pose.ts'
import { softTissue } from './soft-tissue.ts'
import { type Disc, gradedJoints, jointCentre, spineOf } from './spine.ts'
import { type Grid, renderSlice } from './stack.ts'
import { textureOf } from './texture.ts'
import { contrastsOf, paletteOf } from './tissue.ts'
import { tissueSampler } from './tissue-sampler.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const NONE: JointGrades = { narrowing: 0, hypertrophy: 0, osteophytes: 0, erosion: 0, cyst: 0 }
const UNTURNED: Pose = {
  rotation: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  shift: [0, 0, 0],
}
const AGE = 50
const PIXEL_MM = 0.4
const SLICE_MM = 0.8
const SIZE = { columns: 84, rows: 84, slices: 22 }
const texture = textureOf(drawsOf(sha256, 'dose', 'texture'))

/** The same spine with one feature of every joint at one grade. */
function spineWith(feature: keyof JointGrades, grade: number) {
  const grades = new Map<JointId, JointGrades>(
    LEVELS.flatMap((level) => SIDES.map((side) => [jointId(level, side), { ...NONE, [feature]: grade }] as const)),
  )
  return spineOf(sha256, sha256('dose'), { ageYears: AGE, sex: 'F', weightIndex: 24, grades })
}

type Crop = { hu: Float32Array; at: (x: number, y: number, z: number) => number; centre: Vector }

/** A CT crop around one joint of a spine, without noise, centred on a place that does not move with the dose. */
function cropOf(feature: keyof JointGrades, grade: number, joint: { level: string; side: string }): Crop {
  const name = `${grade === 0 ? 'healthy' : feature} ${grade} ${joint.level} ${joint.side}`
  const crop = crops.get(name) ?? renderedCrop(feature, grade, joint)
  crops.set(name, crop)
  return crop
}
const crops = new Map<string, Crop>()

function renderedCrop(feature: keyof JointGrades, grade: number, joint: { level: string; side: string }): Crop {
  const spine = spineWith(feature, grade)
  const soft = softTissue(spine, texture, 0.5)
  const sampler = tissueSampler(spine, texture, { blurMm: 0.5, soft })
  const place = gradedJoints(spine).find(({ level, side }) => level === joint.level && side === joint.side)
  if (place === undefined) throw new RangeError('no such joint')
  const centre = jointCentre(place.disc, place.side)
  const grid: Grid = {
    ...SIZE,
    origin: [
      centre[0] - (SIZE.columns / 2) * PIXEL_MM,
      centre[1] - (SIZE.rows / 2) * PIXEL_MM,
      centre[2] - (SIZE.slices / 2) * SLICE_MM,
    ],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceDirection: [0, 0, 1],
    pixelMm: PIXEL_MM,
    thicknessMm: SLICE_MM,
    spacingMm: SLICE_MM,
    layers: 1,
  }
  const brush = brushOf(paletteOf(contrastsOf(AGE).ct))
  const hu = new Float32Array(SIZE.columns * SIZE.rows * SIZE.slices)
  for (let slice = 0; slice < SIZE.slices; slice += 1)
    hu.set(renderSlice(sampler, brush, { grid, pose: UNTURNED, slice }).first, slice * SIZE.columns * SIZE.rows)
  const index = (mm: number, origin: number, step: number): number => Math.round((mm - origin) / step)
  const at = (x: number, y: number, z: number): number => {
    const row = index(y, grid.origin[1], PIXEL_MM)
    const column = index(x, grid.origin[0], PIXEL_MM)
    return hu[(index(z, grid.origin[2], SLICE_MM) * SIZE.rows + row) * SIZE.columns + column] ?? Number.NaN
  }
  return { hu, at, centre }
}

const JOINTS = [
  { level: 'L3L4', side: 'left' },
  { level: 'L4L5', side: 'right' },
  { level: 'L5S1', side: 'left' },
] as const
const discOf = (feature: keyof JointGrades, grade: number, level: string): Disc => {
  const disc = spineWith(feature, grade).discs.find((one) => one.level === level)
  if (disc === undefined) throw new RangeError('no such level')
  return disc
}
/** Mean of a measurement over some joints, by grade. */
const byGrade = (measure: (grade: number, joint: (typeof JOINTS)[number]) => number): number[] =>
  [0, 1, 2, 3].map((grade) => JOINTS.reduce((sum, joint) => sum + measure(grade, joint), 0) / JOINTS.length)
const VOXEL_MM3 = PIXEL_MM * PIXEL_MM * SLICE_MM

test('the joint space that can be measured in the voxels narrows with the grade, within its dose', {
  timeout: 60_000,
}, () => {
  const gaps = byGrade((grade, joint) => {
    const { at, centre } = cropOf('narrowing', grade, joint)
    const form = discOf('narrowing', grade, joint.level).joints[joint.side]
    const turn = joint.side === 'left' ? 1 : -1
    const isOpen = (across: number): boolean =>
      at(centre[0] - turn * across * form.cos, centre[1] + across * form.sin, centre[2]) < 480
    let [low, high] = [0, 0]
    while (isOpen(low - 0.05) && low > -6) low -= 0.05
    while (isOpen(high + 0.05) && high < 6) high += 0.05
    return high - low
  })
  expect(gaps[0]).toBeGreaterThan(DOSE.narrowing.gapMm[0][0] - 0.3)
  expect(gaps[0]).toBeLessThan(DOSE.narrowing.gapMm[0][1] + 0.3)
  expect(gaps[1]).toBeLessThan((gaps[0] ?? 0) - 0.4)
  expect(gaps[2]).toBeLessThan((gaps[1] ?? 0) - 0.4)
  expect(gaps[3]).toBeLessThan((gaps[2] ?? 0) - 0.2)
})

test('the processes grow with the grade of hypertrophy', { timeout: 60_000 }, () => {
  const volumes = byGrade((grade, joint) => {
    const { hu } = cropOf('hypertrophy', grade, joint)
    return hu.filter((value) => value > 170).length * VOXEL_MM3
  })
  for (const [grade, least] of [
    [1, 1.03],
    [2, 1.03],
    [3, 1.08],
  ] as const)
    expect((volumes[grade] ?? 0) / (volumes[grade - 1] ?? 1)).toBeGreaterThan(least)
})

/** Volume of what the grade added (bone) or took away, against the same joint without it. */
function changed(feature: keyof JointGrades, sign: 1 | -1, threshold: number): number[] {
  return byGrade((grade, joint) => {
    const [without, withIt] = [cropOf(feature, 0, joint), cropOf(feature, grade, joint)]
    return withIt.hu.filter((value, index) => sign * (value - (without.hu[index] ?? 0)) > threshold).length * VOXEL_MM3
  })
}

test('osteophytes add more bone with each grade, erosions take more away', { timeout: 90_000 }, () => {
  const added = changed('osteophytes', 1, 200)
  const lost = changed('erosion', -1, 300)
  for (const grade of [1, 2, 3]) {
    expect(added[grade]).toBeGreaterThan((added[grade - 1] ?? 0) * 1.3 + 2)
    expect(lost[grade]).toBeGreaterThan((lost[grade - 1] ?? 0) * 1.3 + 1)
  }
})

test('the largest osteophyte reaches as far over the margin as its dose', { timeout: 60_000 }, () => {
  const reach = byGrade((grade, joint) => {
    const form = discOf('osteophytes', grade, joint.level).joints[joint.side]
    const { at, centre } = cropOf('osteophytes', grade, joint)
    const healthy = cropOf('osteophytes', 0, joint)
    const turn = joint.side === 'left' ? 1 : -1
    let most = 0
    for (let u = -(form.halfWidth + 8); u <= form.halfWidth + 8; u += 0.2)
      for (let across = -8; across <= 8; across += 0.4)
        for (let z = -8; z <= 8; z += SLICE_MM) {
          const x = centre[0] + turn * (u * form.sin - across * form.cos)
          const y = centre[1] + u * form.cos + across * form.sin
          if (at(x, y, centre[2] + z) > 250 && healthy.at(x, y, centre[2] + z) < 100)
            most = Math.max(most, Math.abs(u) - form.halfWidth)
        }
    return most
  })
  for (const grade of [1, 2, 3] as const) {
    expect(reach[grade]).toBeGreaterThan(DOSE.osteophytes[grade].millimetres[0] - 0.9)
    expect(reach[grade]).toBeLessThan(DOSE.osteophytes[grade].millimetres[1] + 0.9)
  }
})

test('the largest cyst has the diameter of its dose', { timeout: 60_000 }, () => {
  const diameters = byGrade((grade, joint) => {
    if (grade === 0) return 0
    const [without, withIt] = [cropOf('cyst', 0, joint), cropOf('cyst', grade, joint)]
    const { cysts } = discOf('cyst', grade, joint.level).joints[joint.side]
    const dark = withIt.hu.filter((value, index) => value < 60 && (without.hu[index] ?? 0) > 100).length * VOXEL_MM3
    // All cysts of the joint together, as if they were equal.
    return 2 * Math.cbrt((3 * dark) / (4 * Math.PI * cysts.length))
  })
  for (const grade of [1, 2, 3] as const) {
    expect(diameters[grade]).toBeGreaterThan(DOSE.cyst[grade].millimetres[0] - 1.2)
    expect(diameters[grade]).toBeLessThan(DOSE.cyst[grade].millimetres[1] + 0.6)
    expect(diameters[grade]).toBeGreaterThan((diameters[grade - 1] ?? 0) + 0.4)
  }
})
