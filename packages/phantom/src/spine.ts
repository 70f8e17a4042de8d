import { type JointId, jointId, LEVELS, type Level, SIDES, type Side } from '@facetgrade/grading/joint'
import type { Sha256 } from '@facetgrade/grading/sha256'
import { ANATOMY, DISC_SHARE_OF_LORDOSIS, type LevelAnatomy } from './anatomy.ts'
import { type Draws, drawsOf } from './draws.ts'
import { type JointForm, jointForm } from './joint-form.ts'
import type { JointGrades } from './joint-grades.ts'
import { lumbarForm, sacrumForm, type VertebraForm } from './vertebra-form.ts'

/** A place in the sagittal plane, LPS mm: the centre, and how far its long axis leans forward. */
export type Frame = { y: number; z: number; cos: number; sin: number }
export type Disc = {
  frame: Frame
  level: Level | null
  heightMm: number
  /** Tangent of half the angle between its endplates; the front is the higher part. */
  wedge: number
  halfWidth: number
  halfDepth: number
  /** 0 healthy … 1 black and low: how the disc looks on T2. Independent of the joints beside it. */
  degeneration: number
  joints: Record<Side, JointForm>
}
export type Vertebra = { frame: Frame; form: VertebraForm }

/** T12 to the sacrum: vertebra i and i + 1 meet at disc i. Origin: middle of the S1 endplate; x = 0 is the midline. */
export type Spine = {
  vertebrae: readonly Vertebra[]
  discs: readonly Disc[]
  size: number
  ageYears: number
  sex: 'F' | 'M'
  /** 0 … 1: fat between the fibres of the back muscles. */
  muscleFat: number
  subcutaneousMm: number
}

export type SpineOf = {
  ageYears: number
  sex: 'F' | 'M'
  weightIndex: number
  grades: ReadonlyMap<JointId, JointGrades>
}

const HEALTHY: JointGrades = { narrowing: 0, hypertrophy: 0, osteophytes: 0, erosion: 0, cyst: 0 }

const frameAt = (y: number, z: number, lean: number): Frame => ({ y, z, cos: Math.cos(lean), sin: Math.sin(lean) })

/** A spine of its own for each patient: adult means, varied by sex, size and chance, with the grades built in. */
export function spineOf(sha256: Sha256, seed: string, of: SpineOf): Spine {
  const draws = drawsOf(sha256, seed, 'spine')
  const size = (of.sex === 'M' ? 1.025 : 0.965) * draws.between(0.945, 1.055)
  const lordosis = Math.max(0.4, 1 + 0.22 * draws.normal())
  const angleShift = 3 * draws.normal()
  const last = ANATOMY.length - 1
  const vertebrae: Vertebra[] = []
  const discs: Disc[] = []
  let lean = ((34 + 9 * (lordosis - 1) * 3 + 4 * draws.normal()) * Math.PI) / 180
  let [y, z] = [0, 0]
  const climb = (mm: number, along: number) => {
    y -= Math.sin(along) * mm
    z += Math.cos(along) * mm
  }
  const sacral = sacrumForm(draws, mean(last), { size })
  vertebrae.push({
    frame: frameAt(Math.sin(lean) * sacral.halfHeight, -Math.cos(lean) * sacral.halfHeight, lean),
    form: sacral,
  })
  for (let index = last; index >= 0; index -= 1) {
    const anatomy = mean(index)
    const level = index === 0 ? null : (LEVELS[index - 1] ?? null)
    const total = (anatomy.lordosisDegrees * lordosis * Math.PI) / 180
    const wedge = { disc: total * DISC_SHARE_OF_LORDOSIS, body: total * (1 - DISC_SHARE_OF_LORDOSIS) }
    const degeneration = Math.min(1, Math.max(0, (of.ageYears - 45) * 0.012 + 0.25 + 0.22 * draws.normal()))
    const heightMm = anatomy.discHeight * size * (1 - 0.35 * degeneration * draws.between(0.3, 1))
    lean -= wedge.disc / 2
    climb(heightMm / 2, lean)
    const frame = frameAt(y, z, lean)
    const [halfWidth, halfDepth] = [(anatomy.bodyWidth / 2) * size, (anatomy.bodyDepth / 2) * size]
    const angles = facetAngles(draws, anatomy, angleShift)
    const joint = (side: Side, angleDegrees: number): JointForm =>
      jointForm(drawsOf(sha256, seed, `joint-${index}-${side}`), anatomy, {
        grades: (level && of.grades.get(jointId(level, side))) ?? HEALTHY,
        size: size * (1 + 0.03 * draws.normal()),
        angleDegrees,
      })
    const joints = { left: joint('left', angles[0]), right: joint('right', angles[1]) }
    discs.unshift({
      frame,
      level,
      heightMm,
      wedge: Math.tan(wedge.disc / 2),
      halfWidth,
      halfDepth,
      degeneration,
      joints,
    })
    climb(heightMm / 2, lean)
    lean -= wedge.disc / 2 + wedge.body / 2
    const halfHeight = (anatomy.bodyHeight / 2) * size
    climb(halfHeight, lean)
    vertebrae.unshift({ frame: frameAt(y, z, lean), form: sacral })
    climb(halfHeight, lean)
    lean -= wedge.body / 2
  }
  return {
    vertebrae: vertebrae.map((vertebra, index) =>
      index > last
        ? vertebra
        : { frame: vertebra.frame, form: formAt(draws, { vertebra, index, size, lordosis, discs }) },
    ),
    discs,
    size,
    ageYears: of.ageYears,
    sex: of.sex,
    muscleFat: Math.min(
      0.9,
      Math.max(0.05, 0.1 + (of.ageYears - 30) * 0.007 + 0.12 * draws.normal() + (of.sex === 'F' ? 0.05 : 0)),
    ),
    subcutaneousMm: Math.max(6, 8 + (of.weightIndex - 18) * 2 + 5 * draws.normal() + (of.sex === 'F' ? 6 : 0)),
  }
}

function mean(index: number): LevelAnatomy {
  const anatomy = ANATOMY[index]
  if (anatomy === undefined) throw new RangeError(`no level ${index}`)
  return anatomy
}

/** Left and right: a mean of their own, and a difference whose mean is the level's tropism. */
function facetAngles(
  draws: Draws,
  { facetAngleDegrees, tropismDegrees }: LevelAnatomy,
  shift: number,
): [number, number] {
  const middle = facetAngleDegrees + shift + 3.5 * draws.normal()
  // The mean of a folded normal is its SD times √(2/π).
  const half = (tropismDegrees * draws.normal()) / (2 * Math.sqrt(2 / Math.PI))
  const limited = (degrees: number) => Math.min(68, Math.max(10, degrees))
  return [limited(middle + half), limited(middle - half)]
}

type FormPlace = { vertebra: Vertebra; index: number; size: number; lordosis: number; discs: readonly Disc[] }

function formAt(draws: Draws, { vertebra, index, size, lordosis, discs }: FormPlace): VertebraForm {
  const anatomy = mean(index)
  const wedge = (anatomy.lordosisDegrees * lordosis * (1 - DISC_SHARE_OF_LORDOSIS) * Math.PI) / 180
  const [above, below] = [discs[index - 1], discs[index]]
  if (below === undefined) throw new RangeError(`no disc below vertebra ${index}`)
  return lumbarForm(draws, anatomy, {
    size,
    index,
    wedge: Math.tan(wedge / 2),
    joints: {
      above: above && meanJoint(above, vertebra.frame),
      below: meanJoint(below, vertebra.frame),
    },
  })
}

/** The mean of a disc's two joint centres (as if left) in another frame. */
function meanJoint({ frame, joints }: Disc, to: Frame): [number, number, number] {
  const [left, right] = [joints.left.centre, joints.right.centre]
  const [v, w] = [(left[1] + right[1]) / 2, (left[2] + right[2]) / 2]
  const dy = frame.y + v * frame.cos - w * frame.sin - to.y
  const dz = frame.z + v * frame.sin + w * frame.cos - to.z
  return [(left[0] + right[0]) / 2, dy * to.cos + dz * to.sin, -dy * to.sin + dz * to.cos]
}

/** Centre of a joint's space, LPS mm in the spine's own frame. */
export function jointCentre({ frame, joints }: Disc, side: Side): [number, number, number] {
  const { centre } = joints[side]
  return [
    side === 'left' ? centre[0] : -centre[0],
    frame.y + centre[1] * frame.cos - centre[2] * frame.sin,
    frame.z + centre[1] * frame.sin + centre[2] * frame.cos,
  ]
}

/** The ten graded joints, from the head down. */
export const gradedJoints = (spine: Spine): { disc: Disc; level: Level; side: Side; form: JointForm }[] =>
  spine.discs.flatMap((disc) =>
    disc.level === null
      ? []
      : SIDES.map((side) => ({ disc, level: disc.level as Level, side, form: disc.joints[side] })),
  )
