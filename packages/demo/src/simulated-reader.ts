import type { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import { FEATURES, type Feature } from '@facetgrade/grading/feature'
import { compareLevels, type JointId, jointId, type Level, parseJointId, type Side } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { PhantomTruth } from '@facetgrade/grading/phantom-truth'
import type { Sha256 } from '@facetgrade/grading/sha256'
import { type Draws, drawsOf } from '@facetgrade/phantom/draws'
import { cutPointsOf, type FeatureCuts, gradeAt, latentOf } from './latent-severity.ts'
import { NOISE_SD, type ReaderCharacter, XRAY_CORRELATION } from './published-agreement.ts'

/** What is built into one phantom in one modality. */
export type CaseTruth = readonly PhantomTruth[]
export type SimulatedRead = {
  sha256: Sha256
  /** Of the whole demo: the same seed, the same study. */
  seed: string
  /** Names the phantom, the same in all modalities; never leaves this process. */
  phantom: string
  modality: Modality
  readerCode: string
  character: ReaderCharacter
  truth: CaseTruth
  cuts: FeatureCuts
}

/**
 * What does not show is called so this often. Otherwise it is read as absent on CT and MR; on X-ray, where hardly anything
 * shows as it is, people grade what they think they see, which is what the correlation of X-ray with the joint says.
 */
const SAYS_NOT_VISIBLE: Readonly<Record<Modality, number>> = { ct: 0.35, mr: 0.35, xray: 0.08 }
/** A joint lies in an artefact, for every reader alike, and is then called not assessable with the second chance. */
const ARTEFACT_SHARE = 0.006
const SAYS_ARTEFACT = 0.8

/** Where the grades of this cohort part, per feature. @param truths of all phantoms, one modality each */
export function cutsOf(truths: Iterable<CaseTruth>): FeatureCuts {
  const counts = Object.fromEntries(FEATURES.map((feature) => [feature, [0, 0, 0, 0]])) as Record<Feature, number[]>
  for (const truth of truths)
    for (const { feature, grade } of truth) counts[feature][grade] = (counts[feature][grade] ?? 0) + 1
  return {
    narrowing: cutPointsOf(counts.narrowing),
    hypertrophy: cutPointsOf(counts.hypertrophy),
    osteophytes: cutPointsOf(counts.osteophytes),
    erosion: cutPointsOf(counts.erosion),
    cyst: cutPointsOf(counts.cyst),
  }
}

/**
 * A reader of published reliability looks at a phantom: what they answer to a cell. Each reader sees the joint's latent
 * severity with a noise of their own; their cut points keep the marginals, so nobody grades higher by being noisy.
 *
 * @returns the answer to each cell; a cell that has no truth (not built, transitional) is not covered
 */
export function simulatedReader(read: SimulatedRead): (cell: CellKey) => CellAnswer {
  const { sha256, seed, phantom, modality, readerCode, character, cuts } = read
  const own = drawsOf(sha256, seed, `reader ${readerCode} ${phantom} ${modality}`)
  const built = new Map(read.truth.map((cell) => [`${jointId(cell.level, cell.side)} ${cell.feature}`, cell]))
  const joints = [...new Set(read.truth.map(({ level, side }) => jointId(level, side)))]
  const lookedAt = new Map(joints.map((joint) => [joint, slipped(own, joint, joints, character.slipShare)]))
  const artefacts = artefactsOf(drawsOf(sha256, seed, `artefact ${phantom} ${modality}`), joints)
  const sd = NOISE_SD[modality] * character.noiseFactor
  const stretch = Math.sqrt(1 + sd ** 2)
  return ({ level, side, feature }) => {
    if (feature === 'severity') return notAssessable('not_covered')
    const joint = lookedAt.get(jointId(level, side)) ?? jointId(level, side)
    const cell = built.get(`${joint} ${feature}`)
    if (!cell) return notAssessable('not_covered')
    const ofCell = drawsOf(sha256, seed, `reader ${readerCode} ${phantom} ${modality} ${level} ${side} ${feature}`)
    const noise = ofCell.normal() * sd
    const calls = ofCell.between(0, 1)
    if (artefacts.has(joint) && calls < SAYS_ARTEFACT) return notAssessable('artefact')
    if (!cell.visible && calls < SAYS_NOT_VISIBLE[modality]) return notAssessable('not_visible')
    // Drawn for the joint and not for the exam: CT and MR show the same severity, and every reader the same joint.
    const isAbsent = !cell.visible && modality !== 'xray'
    const joined = drawsOf(sha256, seed, `joint ${phantom} ${joint} ${feature} ${isAbsent ? modality : ''}`)
    const severity = latentOf(joined, cuts[feature], isAbsent ? 0 : cell.grade)
    const shown = modality === 'xray' ? XRAY_CORRELATION * severity + joined.normal() * xrayOwn : severity
    const seen = (shown + noise + character.bias) / stretch
    return { kind: 'graded', grade: gradeAt(cuts[feature], seen) }
  }
}

const xrayOwn = Math.sqrt(1 - XRAY_CORRELATION ** 2)

const notAssessable = (code: 'not_covered' | 'artefact' | 'not_visible'): CellAnswer => ({
  kind: 'not_assessable',
  reason: { code },
})

/** The joint that the reader takes for this one: now and then the other side's, or the next level's. */
function slipped(draws: Draws, joint: JointId, joints: readonly JointId[], share: number): JointId {
  const slips = draws.chance(share)
  const choice = draws.between(0, 1)
  if (!slips) return joint
  const { level, side } = parseJointId(joint)
  const other: Side = side === 'left' ? 'right' : 'left'
  const neighbours = [jointId(level, other), ...nextLevels(joints, level).map((next) => jointId(next, side))]
  return neighbours[Math.floor(choice * neighbours.length)] ?? joint
}

function nextLevels(joints: readonly JointId[], level: Level): Level[] {
  const levels = [...new Set(joints.map((joint) => parseJointId(joint).level))].toSorted(compareLevels)
  const at = levels.indexOf(level)
  return [levels[at - 1], levels[at + 1]].filter((next) => next !== undefined)
}

const artefactsOf = (draws: Draws, joints: readonly JointId[]): ReadonlySet<JointId> =>
  new Set(joints.filter(() => draws.chance(ARTEFACT_SHARE)))
