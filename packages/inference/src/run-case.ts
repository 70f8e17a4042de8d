import { CellFeature } from '@facetgrade/grading/feature'
import { type Joint, jointId, type Level } from '@facetgrade/grading/joint'
import type { ModelGrades } from '@facetgrade/grading/model-answer'
import { type JointPoint, pointsByJoint } from '@facetgrade/grading/points'
import type { AbstainReason, PredictionOutput } from '@facetgrade/grading/prediction'
import type { Protocol } from '@facetgrade/grading/protocol'
import { askedFeatures, scaleOf } from '@facetgrade/grading/protocol-cells'
import { calibrated } from './calibrate.ts'
import { cropHash } from './crop-hash.ts'
import { cropStatistics } from './crop-statistics.ts'
import { type ExamImages, openExam } from './exam-volumes.ts'
import { cropJoint, groupDepth, type JointCrop } from './joint-crop.ts'
import type { GraderModality, Head } from './model-manifest.ts'
import type { OpenModel } from './open-model.ts'

export type CaseInput = {
  readonly protocol: Protocol
  readonly images: ExamImages
  readonly levels: readonly Level[]
  readonly points: readonly JointPoint[]
}

export type CaseGrades = {
  readonly grades: ModelGrades
  /** SHA-256 of what the network was given for each joint that it graded, by joint. */
  readonly inputHashes: ReadonlyMap<string, string>
}

/**
 * Grades every joint of one exam at its points. A joint that cannot be graded is abstained from with its reason; nothing
 * is ever guessed. The direct severity is the feature `severity`.
 */
export async function runCase(model: OpenModel, { protocol, images, levels, points }: CaseInput): Promise<CaseGrades> {
  const { modality } = images
  const joints = levels.flatMap((level): Joint[] => protocol.sides.map((side) => ({ level, side })))
  const section = model.manifest.grader?.modalities[modality]
  if (!section || !model.has('grader', modality)) {
    return {
      grades: joints.map((joint) => abstained(protocol, images, { ...joint, reason: 'modality_unsupported' })),
      inputHashes: new Map(),
    }
  }
  const exam = openExam(images)
  const byJoint = pointsByJoint(points)
  const crops: (Joint & { crop: JointCrop | { kind: 'abstained'; reason: AbstainReason } })[] = []
  for (const { level, side } of joints) {
    const crop = await cropJoint(exam, { side, points: byJoint.get(jointId(level, side)) ?? [], extent: 'seen' })
    crops.push({
      level,
      side,
      crop:
        crop.kind === 'crop' && isUnlike(section, modality, crop)
          ? { kind: 'abstained', reason: 'unlike_training' }
          : crop,
    })
  }
  const answers = await networkAnswers(
    model,
    images,
    section,
    crops.flatMap(({ crop }) => (crop.kind === 'crop' ? [crop] : [])),
  )
  const inputHashes = new Map<string, string>()
  const grades = crops.map(({ level, side, crop }) => {
    if (crop.kind === 'abstained') return abstained(protocol, images, { level, side, reason: crop.reason })
    const answer = answers.shift()
    if (!answer) throw new RangeError('runCase: an answer is missing')
    inputHashes.set(jointId(level, side), cropHash(crop))
    if (answer.distance > section.unlikeTraining.maximumDistance)
      return abstained(protocol, images, { level, side, reason: 'unlike_training' })
    return { level, side, features: featuresOf(protocol, images, answer.outputs) }
  })
  return { grades, inputHashes }
}

type Answer = {
  readonly distance: number
  readonly outputs: ReadonlyMap<CellFeature, { head: Head; output: PredictionOutput }>
}

async function networkAnswers(
  model: OpenModel,
  { modality }: ExamImages,
  { heads }: GraderModality,
  crops: readonly JointCrop[],
): Promise<Answer[]> {
  if (crops.length === 0) return []
  const outputs = await model.run(
    { role: 'grader', modality },
    crops.map(({ values, present }) => ({ crops: values, present })),
  )
  const logits = outputs.get('logits') ?? new Float32Array(0)
  const distances = outputs.get('distance') ?? new Float32Array(0)
  const size = logits.length / crops.length
  return crops.map((_, index) => {
    let at = index * size
    const own = heads.map((head): [CellFeature, { head: Head; output: PredictionOutput }] => {
      const from = at
      at += head.levels - 1
      return [head.feature, { head, output: calibrated(head, logits.subarray(from, at)) }]
    })
    return { distance: distances[index] ?? Number.POSITIVE_INFINITY, outputs: new Map(own) }
  })
}

/** The features that the protocol asks, and the direct severity. */
const askedOf = (protocol: Protocol, { modality }: ExamImages): CellFeature[] => [
  ...askedFeatures(protocol, modality).filter((feature) => feature !== 'severity'),
  'severity',
]

function featuresOf(
  protocol: Protocol,
  images: ExamImages,
  outputs: Answer['outputs'],
): ModelGrades[number]['features'] {
  return askedOf(protocol, images).map((feature) => {
    const found = outputs.get(feature)
    const levels =
      feature === 'severity' ? protocol.severity.levels.length : scaleOf(protocol, images.modality, feature)?.length
    // A head of another scale says nothing on this one.
    const isOnScale = found !== undefined && found.head.levels === levels
    return { feature, output: isOnScale ? found.output : { kind: 'abstained', reason: 'modality_unsupported' } }
  })
}

function abstained(
  protocol: Protocol,
  images: ExamImages,
  { level, side, reason }: Joint & { reason: AbstainReason },
): ModelGrades[number] {
  return {
    level,
    side,
    features: askedOf(protocol, images).map((feature) => ({ feature, output: { kind: 'abstained', reason } })),
  }
}

function isUnlike({ unlikeTraining }: GraderModality, modality: ExamImages['modality'], crop: JointCrop): boolean {
  const { mean, standardDeviation } = cropStatistics(crop, groupDepth(modality, 'seen'))
  const isWithin = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max
  return !isWithin(mean, unlikeTraining.mean) || !isWithin(standardDeviation, unlikeTraining.standardDeviation)
}
