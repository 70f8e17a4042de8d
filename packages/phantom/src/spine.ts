import { LEVELS, type Level, SIDES, type Side } from '@facetgrade/grading/joint'
import { randomStream } from '@facetgrade/grading/seeded-random'
import type { Sha256 } from '@facetgrade/grading/sha256'
import { ANATOMY, type LevelAnatomy } from './anatomy.ts'
import { type JointForm, type JointGrades, jointDistances, jointForm } from './joint-form.ts'
import { clamp, rod, roundedBox, smoothMin } from './signed-distance.ts'

/** Intensities of the tissues in one modality: Hounsfield units on CT, relative signal on MR. */
export type Contrast = {
  muscle: number
  fat: number
  trabecular: number
  cortex: number
  disc: number
  fluid: number
  joint: number
  cyst: number
}
export const CT_HU: Contrast = {
  muscle: 58,
  fat: -95,
  trabecular: 200,
  cortex: 900,
  disc: 85,
  fluid: 12,
  joint: 50,
  cyst: 18,
}
export const MR_T2: Contrast = {
  muscle: 0.2,
  fat: 0.78,
  trabecular: 0.5,
  cortex: 0.04,
  disc: 0.38,
  fluid: 1,
  joint: 0.7,
  cyst: 0.95,
}

/** A position of a vertebra or disc in the sagittal plane: centre (y, z in mm) and tilt about the left–right axis. */
type Frame = { y: number; z: number; cos: number; sin: number }
type Disc = { frame: Frame; level: LevelAnatomy; joints: Record<Side, JointForm> }
type Vertebra = { frame: Frame; level: LevelAnatomy }

export type Spine = {
  discs: readonly Disc[]
  vertebrae: readonly Vertebra[]
  /** Grades that were built in, by level and side. */
  grades: ReadonlyMap<string, JointGrades>
}

/** A lumbar spine with its own grades per joint; the same seed gives the same spine. Origin: the L5/S1 disc, LPS, mm. */
export function spineOf(sha256: Sha256, seed: string, gradesOf: (level: Level, side: Side) => JointGrades): Spine {
  const discs: Disc[] = []
  const vertebrae: Vertebra[] = []
  const grades = new Map<string, JointGrades>()
  let [y, z, tilt] = [0, 0, -0.35]
  const frameHere = (): Frame => ({ y, z, cos: Math.cos(tilt), sin: Math.sin(tilt) })
  const climb = (mm: number) => {
    y -= -Math.sin(tilt) * mm
    z += Math.cos(tilt) * mm
  }
  const sacrum = ANATOMY[4]
  if (sacrum)
    vertebrae.push({
      frame: { y: y + Math.sin(-tilt) * 20, z: z - Math.cos(tilt) * 20, cos: Math.cos(tilt), sin: Math.sin(tilt) },
      level: sacrum,
    })
  for (const name of LEVELS.slice(0, 5).toReversed()) {
    const level = ANATOMY[['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1'].indexOf(name)]
    if (!level) continue
    const joint = (side: Side) => {
      const built = gradesOf(name, side)
      grades.set(`${name}-${side}`, built)
      return jointForm(randomStream(sha256, seed, `${name}-${side}`), level, built)
    }
    discs.push({ frame: frameHere(), level, joints: { left: joint(SIDES[0]), right: joint(SIDES[1]) } })
    tilt += (level.lordosisDegrees * Math.PI) / 180 / 2
    climb(level.discHeight / 2 + level.bodyHeight / 2)
    vertebrae.push({ frame: frameHere(), level })
    climb(level.discHeight / 2 + level.bodyHeight / 2)
    tilt += (level.lordosisDegrees * Math.PI) / 180 / 4
  }
  return { discs, vertebrae, grades }
}

/** Centre of a joint in LPS mm. */
export function jointPoint(disc: Disc, side: Side): readonly [number, number, number] {
  const [x, v] = disc.joints[side].centre
  const { frame } = disc
  return [side === 'left' ? x : -x, frame.y + v * frame.cos, frame.z + v * frame.sin]
}

/** Height of the spine: z of the lowest and highest point that belongs to it. */
export const EXTENT_MM = { low: -25, high: 200 } as const

function vertebraDistance({ frame, level }: Vertebra, x: number, y: number, z: number): number {
  const [dy, dz] = [y - frame.y, z - frame.z]
  const v = dy * frame.cos + dz * frame.sin
  const w = -dy * frame.sin + dz * frame.cos
  if (Math.abs(w) > 40 || v > 75 || v < -30) return 1e3
  const [half, depth] = [level.bodyWidth / 2, level.bodyDepth / 2]
  const waist = 1 - 0.1 * (1 - Math.min(1, Math.abs(w) / (level.bodyHeight / 2)) ** 2)
  const body = Math.max(
    ((Math.abs(x) / (half * waist)) ** 2.4 + (Math.abs(v) / (depth * waist)) ** 2.4) ** (1 / 2.4) * depth - depth,
    Math.abs(w) - level.bodyHeight / 2,
  )
  const ax = Math.abs(x)
  const at = [ax, v, w] as const
  const pedicle = rod(at, [half * 0.62, depth - 4, 4], [level.facetFromMidline + 4, depth + 13, 3], {
    radius: level.pedicleWidth / 2.3,
    zScale: 1.3,
  })
  const lamina = rod(at, [level.facetFromMidline + 1, depth + 17, -3], [1, depth + 26, -9], {
    radius: 3.6,
    zScale: 2.2,
  })
  const transverse = rod(at, [level.facetFromMidline + 4, depth + 11, 3], [half + 16, depth + 15, 5], {
    radius: 3.8,
    zScale: 1.2,
  })
  const spinous = roundedBox(x, v - depth - 38, w + 10, [2.8, 14, 8], 2)
  return smoothMin(body, smoothMin(smoothMin(pedicle, transverse, 2), smoothMin(lamina, spinous, 2), 2), 1.5)
}

const share = (distance: number, voxelMm: number): number => clamp(0.5 - distance / voxelMm, 0, 1)
const mix = (from: number, to: number, weight: number): number => from + (to - from) * weight

/** Intensity at a point (LPS, mm), partial volume taken from the distance over one voxel. */
export function intensityAt(
  spine: Spine,
  contrast: Contrast,
  point: readonly [number, number, number],
  voxelMm: number,
): number {
  const [x, y, z] = point
  let value = mix(
    contrast.muscle,
    contrast.fat,
    0.12 + 0.05 * Math.sin(x * 0.31 + 0.7 * Math.sin(y * 0.17)) + 0.05 * Math.sin(y * 0.29 + x * 0.13 + z * 0.07),
  )
  let bone = 1e3
  for (const vertebra of spine.vertebrae) bone = Math.min(bone, vertebraDistance(vertebra, x, y, z))
  let [space, cyst, edge] = [1e3, 1e3, 1e3]
  for (const disc of spine.discs) {
    const [dy, dz] = [y - disc.frame.y, z - disc.frame.z]
    const v = dy * disc.frame.cos + dz * disc.frame.sin
    const w = -dy * disc.frame.sin + dz * disc.frame.cos
    if (Math.abs(w) > 45) continue
    const depth = disc.level.bodyDepth / 2
    const canal = Math.hypot(x / 11, (v - depth - 9) / 8) - 1
    if (Math.abs(w) < 20 && canal < 0.3) {
      value = mix(value, contrast.fat, share(canal * 8, voxelMm))
      value = mix(value, contrast.fluid, share((Math.hypot(x / 8.5, (v - depth - 8) / 6.5) - 1) * 6.5, voxelMm))
    }
    const inside =
      ((Math.abs(x) / (disc.level.bodyWidth / 2)) ** 2.4 + (Math.abs(v) / depth) ** 2.4) ** (1 / 2.4) * depth - depth
    value = mix(value, contrast.disc, share(Math.max(inside, Math.abs(w) - disc.level.discHeight / 2), voxelMm))
    if (Math.abs(w) > 24 || v < depth) continue
    const found = jointDistances(x >= 0 ? disc.joints.left : disc.joints.right, Math.abs(x), v, w)
    bone = smoothMin(bone, found.bone, 1.5)
    if (found.space < space) [space, edge] = [found.space, found.edge]
    cyst = Math.min(cyst, found.cyst)
  }
  const cortexMm = edge < 3 ? 1.6 : 1.1
  // The joint space stays open where a process of the same vertebra was blended over it.
  bone = Math.max(bone, -space)
  value = mix(value, contrast.joint, share(space, voxelMm))
  value = mix(value, contrast.cortex, share(bone, voxelMm))
  value = mix(value, contrast.trabecular, share(bone + cortexMm, voxelMm))
  return cyst < 1 && bone < 0.5
    ? mix(mix(value, contrast.cortex, 0.7 * share(Math.abs(cyst) - 0.45, voxelMm)), contrast.cyst, share(cyst, voxelMm))
    : value
}
