import type { LevelAnatomy } from './anatomy.ts'
import { DOSE } from './dose.ts'
import type { Draws } from './draws.ts'
import type { JointGrades } from './joint-grades.ts'
import { type Rod, rodOf } from './signed-distance.ts'

/** A ball, its height stretched; `side` −1 belongs to the superior process, 1 to the inferior one. */
export type Ball = {
  u: number
  bent: number
  z: number
  radius: number
  perZScale: number
  side: -1 | 1
  sizeMm: number
}
export type Osteophyte = { rod: Rod; side: -1 | 1; sizeMm: number; widthMm: number }

/**
 * One joint's form in its own coordinates: u along the facet from its front inner to its back outer end, w across it from
 * the superior process (w < 0) to the inferior one, z up. `bent` is w minus the sheet's own curve.
 */
export type JointForm = {
  grades: JointGrades
  angleDegrees: number
  sin: number
  cos: number
  /** Centre in the disc's frame: from the midline, behind the disc's centre, above it; mm. */
  centre: readonly [x: number, v: number, w: number]
  gapMm: number
  /** Share by which the gap changes from the middle of the joint to its ends. */
  wedge: number
  curvature: number
  halfWidth: number
  halfHeight: number
  superiorMm: number
  inferiorMm: number
  scale: number
  osteophytes: readonly Osteophyte[]
  pits: readonly Ball[]
  cysts: readonly Ball[]
  hasGas: boolean
  subchondralMm: number
  /** 0 … 1: how much denser the subchondral bone is. */
  sclerosis: number
}

const PIT_HEIGHT = 1.5
/** Most a gap changes towards its ends, by grade of narrowing: only the last is bone on bone. */
const WEDGE = [0.04, 0.12, 0.4, 0.95] as const

/** Draws a form within the dose ranges of its grades. */
export function jointForm(
  draws: Draws,
  level: LevelAnatomy,
  of: { grades: JointGrades; size: number; angleDegrees: number },
): JointForm {
  const { grades, size, angleDegrees } = of
  const scale = draws.within(DOSE.hypertrophy.scale[grades.hypertrophy] ?? [1, 1])
  const halfWidth = (level.facetWidth / 2) * size * (1 + (scale - 1) * 0.7)
  const halfHeight = (level.facetHeight / 2) * size * (1 + (scale - 1) * 0.4)
  const gapMm = draws.within(DOSE.narrowing.gapMm[grades.narrowing] ?? [2, 2])
  const sclerosis = Math.min(1, Math.max(0, 0.25 * grades.narrowing + 0.1 * grades.osteophytes + 0.15 * draws.normal()))
  const radians = (angleDegrees * Math.PI) / 180
  const shape = { halfWidth, halfHeight, gapMm, superiorMm: 7.2 * size * scale, inferiorMm: 8.2 * size * scale }
  return {
    grades,
    angleDegrees,
    sin: Math.sin(radians),
    cos: Math.cos(radians),
    centre: [
      (level.facetFromMidline + 1) * size + (scale - 1) * 4,
      (level.bodyDepth / 2) * size + draws.between(15.5, 17) * size,
      draws.between(-2, 0),
    ],
    ...shape,
    wedge: draws.between(-1, 1) * (WEDGE[grades.narrowing] ?? 0),
    curvature: 1 / draws.between(16, 26),
    scale,
    osteophytes: osteophytes(draws, grades.osteophytes, shape),
    pits: pits(draws, grades.erosion, shape),
    cysts: cysts(draws, grades.cyst, shape),
    hasGas: grades.narrowing >= 2 && draws.chance(0.3),
    subchondralMm: 1.4 + 0.9 * sclerosis,
    sclerosis,
  }
}

type Shape = Pick<JointForm, 'halfWidth' | 'halfHeight' | 'gapMm' | 'superiorMm' | 'inferiorMm'>
type Lesions = { millimetres: readonly [number, number]; count: readonly [number, number] }

const lesionsOf = (table: readonly Lesions[], grade: number): Lesions =>
  table[grade] ?? { millimetres: [0, 0], count: [0, 0] }
const countOf = (draws: Draws, { count }: Lesions): number => count[0] + draws.below(count[1] - count[0] + 1)
const eitherSide = (draws: Draws): -1 | 1 => (draws.chance(0.5) ? -1 : 1)

/** Beaks at the ends of the facet; each starts inside the process and projects its size over the margin. */
function osteophytes(draws: Draws, grade: number, shape: Shape): Osteophyte[] {
  const dose = lesionsOf(DOSE.osteophytes, grade)
  const count = countOf(draws, dose)
  return Array.from({ length: count }, (_, index) => {
    const sizeMm = draws.within(dose.millimetres)
    const side = draws.chance(0.6) ? -1 : 1
    const end = index % 2 === 0 ? eitherSide(draws) : 1
    const margin = side === -1 ? shape.halfWidth : shape.halfWidth * 0.92
    const [base, tip] = [0.55 * sizeMm + 0.9, 0.28 * sizeMm + 0.45]
    const zScale = draws.between(1.3, 2)
    const bent = side * (shape.gapMm / 2 + draws.between(0.9, 1.3) * base)
    const z = draws.between(-0.45, 0.45) * shape.halfHeight
    return {
      side,
      sizeMm,
      widthMm: 2 * base * zScale,
      rod: rodOf(
        [end * (margin - 1.8), bent, z],
        [
          end * (margin + sizeMm - tip),
          bent + side * draws.between(-0.2, 0.5) * sizeMm,
          z + draws.between(-0.15, 0.15) * sizeMm,
        ],
        { radius: base, endRadius: tip, zScale },
      ),
    }
  })
}

/** Hollows of the joint surface; apart from each other up to grade 2, run together at grade 3. */
function pits(draws: Draws, grade: number, shape: Shape): Ball[] {
  const dose = lesionsOf(DOSE.erosion, grade)
  return placed(draws, countOf(draws, dose), grade >= 3 ? 0.7 : 1.25, () => {
    const depth = draws.within(dose.millimetres)
    const side = eitherSide(draws)
    const radius = 1.15 * depth
    return {
      u: draws.between(-0.72, 0.72) * shape.halfWidth,
      bent: side * (shape.gapMm / 2 + depth - radius),
      z: draws.between(-0.62, 0.62) * shape.halfHeight,
      radius,
      perZScale: 1 / PIT_HEIGHT,
      side,
      sizeMm: depth,
    }
  })
}

/** Cavities just below the joint surface, wholly inside the bone. */
function cysts(draws: Draws, grade: number, shape: Shape): Ball[] {
  const dose = lesionsOf(DOSE.cyst, grade)
  return placed(draws, countOf(draws, dose), 1.3, () => {
    const sizeMm = draws.within(dose.millimetres)
    const side = draws.chance(0.5) ? -1 : 1
    const thickness = side === -1 ? shape.superiorMm : shape.inferiorMm
    const depth = Math.min(thickness - sizeMm - 0.5, draws.between(0.7, 1.3))
    return {
      u: draws.between(-0.5, 0.5) * shape.halfWidth,
      bent: side * (shape.gapMm / 2 + sizeMm / 2 + Math.max(0.5, depth)),
      z: draws.between(-0.5, 0.5) * shape.halfHeight,
      radius: sizeMm / 2,
      perZScale: 1,
      side,
      sizeMm,
    }
  })
}

const TRIES = 30

/** Draws places until each lies at least `apart` of the two radii from the others on its side. */
function placed(draws: Draws, count: number, apart: number, make: () => Ball): Ball[] {
  const balls: Ball[] = []
  for (let index = 0; index < count; index += 1) {
    let ball = make()
    for (let attempt = 0; attempt < TRIES && balls.some((other) => isNear(ball, other, apart)); attempt += 1)
      ball = make()
    balls.push(ball)
  }
  return balls
}

const isNear = (a: Ball, b: Ball, apart: number): boolean =>
  a.side === b.side && Math.hypot(a.u - b.u, a.bent - b.bent, (a.z - b.z) * a.perZScale) < apart * (a.radius + b.radius)
