import type { RandomStream } from '@facetgrade/grading/seeded-random'
import type { LevelAnatomy } from './anatomy.ts'
import { roundedBox, smoothMax, smoothMin } from './signed-distance.ts'

/** Grades 0–3 that the form of one joint shows. */
export type JointGrades = { narrowing: number; hypertrophy: number; osteophytes: number; erosion: number; cyst: number }

type Ball = { u: number; w: number; z: number; radius: number }

/** One joint's form in its own coordinates: u along the facet, w across it (superior process at w < 0), z up. */
export type JointForm = {
  grades: JointGrades
  thetaRadians: number
  centre: readonly [number, number]
  gapMm: number
  curvature: number
  width: number
  height: number
  thickness: number
  bumps: readonly Ball[]
  pits: readonly Ball[]
  cysts: readonly Ball[]
}

const between = (random: RandomStream, low: number, high: number): number =>
  low + ((high - low) * random.uint32()) / 2 ** 32

const GAP_MM = [
  [2.1, 3.2],
  [1.2, 1.85],
  [0.55, 0.95],
  [0, 0.4],
] as const
const SCALE = [
  [0.97, 1.03],
  [1.08, 1.13],
  [1.18, 1.24],
  [1.34, 1.46],
] as const
const OSTEOPHYTE_MM = [
  [0, 0],
  [1.2, 1.9],
  [2.3, 3.4],
  [4, 6],
] as const
const PIT_MM = [
  [0, 0],
  [0.8, 1.2],
  [1.3, 1.9],
  [2, 2.8],
] as const
const CYST_MM = [
  [0, 0],
  [2.8, 3.2],
  [3, 4],
  [4, 6],
] as const
const COUNT = { osteophytes: [0, 2, 3, 4], erosion: [0, 1, 3, 6], cyst: [0, 1, 2, 3] } as const

/** Draws a form within the dose ranges of its grades (model §3). */
export function jointForm(random: RandomStream, level: LevelAnatomy, grades: JointGrades): JointForm {
  const draw = (range: readonly [number, number] | undefined) => (range ? between(random, range[0], range[1]) : 0)
  const scale = draw(SCALE[grades.hypertrophy])
  const width = (level.facetWidth / 2) * (1 + (scale - 1) * 0.6)
  const height = (level.facetHeight / 2) * (1 + (scale - 1) * 0.3)
  const gapMm = draw(GAP_MM[grades.narrowing])
  const side = () => (random.below(2) === 0 ? -1 : 1)
  const balls = <T>(count: number | undefined, make: () => T): T[] => Array.from({ length: count ?? 0 }, make)
  return {
    grades,
    thetaRadians: ((level.facetAngleDegrees + between(random, -5, 5)) * Math.PI) / 180,
    centre: [level.facetFromMidline + 2, level.bodyDepth / 2 + 16],
    gapMm,
    curvature: 1 / between(random, 16, 26),
    width,
    height,
    thickness: 7.6 * scale,
    bumps: balls(COUNT.osteophytes[grades.osteophytes], () => {
      const radius = draw(OSTEOPHYTE_MM[grades.osteophytes])
      return {
        u: side() * (width + 0.35 * radius),
        w: side() * (gapMm / 2 + between(random, 1, 3)),
        z: between(random, -0.6, 0.6) * height,
        radius,
      }
    }),
    pits: balls(COUNT.erosion[grades.erosion], () => {
      const depth = draw(PIT_MM[grades.erosion])
      const w = side() * (gapMm / 2 + depth * -0.15)
      return { u: between(random, -0.7, 0.7) * width, w, z: between(random, -0.6, 0.6) * height, radius: depth * 1.15 }
    }),
    cysts: balls(COUNT.cyst[grades.cyst], () => {
      const radius = draw(CYST_MM[grades.cyst]) / 2
      return {
        u: between(random, -0.6, 0.6) * width,
        w: side() * (gapMm / 2 + radius + 0.7),
        z: between(random, -0.5, 0.5) * height,
        radius,
      }
    }),
  }
}

export type JointDistances = { bone: number; space: number; cyst: number; edge: number }

/** Distances for a LEFT joint at a point relative to its disc centre (x left, y posterior, z up; mm). */
export function jointDistances(form: JointForm, x: number, y: number, z: number): JointDistances {
  const [cos, sin] = [Math.cos(form.thetaRadians), Math.sin(form.thetaRadians)]
  const [dx, dy] = [x - form.centre[0], y - form.centre[1]]
  const u = dx * sin + dy * cos
  const bent = -dx * cos + dy * sin - 0.5 * form.curvature * u * u
  const half = form.thickness / 2
  const superior = smoothMax(
    roundedBox(u, bent + form.gapMm / 2 + half - 1, z + 2, [form.width, half + 1, form.height + 1], 2.2),
    bent + form.gapMm / 2,
    0.6,
  )
  const inferior = smoothMax(
    roundedBox(u, bent - form.gapMm / 2 - half + 1, z - 2, [form.width * 0.92, half + 1, form.height + 2], 2.2),
    form.gapMm / 2 - bent,
    0.6,
  )
  let bone = Math.min(superior, inferior)
  const ball = (at: Ball) => Math.hypot(u - at.u, bent - at.w, z - at.z) - at.radius
  for (const bump of form.bumps) bone = smoothMin(bone, Math.max(ball(bump), form.gapMm / 2 - Math.abs(bent)), 1.2)
  for (const pit of form.pits) bone = smoothMax(bone, -ball(pit), 0.3)
  let cyst = 1e3
  for (const each of form.cysts) cyst = Math.min(cyst, ball(each))
  const space = Math.max(Math.abs(bent) - form.gapMm / 2, Math.abs(u) - form.width, Math.abs(z) - form.height)
  return { bone, space, cyst, edge: Math.abs(bent) - form.gapMm / 2 }
}
