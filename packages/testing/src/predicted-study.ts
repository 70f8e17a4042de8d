import type { Database } from '@facetgrade/db/connect'
import type { CellKey } from '@facetgrade/grading/cell'
import { FEATURES } from '@facetgrade/grading/feature'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import { gradeOf, type PredictionOutput } from '@facetgrade/grading/prediction'
import { asSystemIn } from './behind-the-wall.ts'
import type { RosterPatient } from './signed-readings.ts'
import type { World } from './study-world.ts'

const hash = (): string => crypto.randomUUID().replaceAll('-', '').padEnd(64, '0')

/** What a made-up model says of a cell, by the patient's place in the roster; undefined: it abstains. */
export type Predictor = (patient: number, cell: CellKey) => readonly number[] | undefined

/**
 * A registered CT grader with predictions of every joint of these patients, severity by its own head, as if it had been run:
 * rows without a network. Synthetic; says nothing about patients.
 */
export async function aPredictingModel(
  db: Database,
  world: World,
  of: { slug: string; patients: readonly RosterPatient[]; predict: Predictor },
): Promise<{ modelId: string; modelHash: string }> {
  const { studyId } = world
  const modelHash = hash()
  const modelId = await asSystemIn(db, world, async (wall) => {
    const made = { state: 'registered', problems: [], manifest: {}, card: '# Made by a test', registeredBy: 'test' }
    const { id } = await wall.model.create({
      data: {
        ...made,
        studyId,
        slug: of.slug,
        title: of.slug,
        kind: 'grader',
        modalities: ['ct'],
        hash: modelHash,
        isSyntheticOnly: true,
        isOtherData: true,
        preprocessingVersion: '1',
      },
    })
    return id
  })
  await predictFor(db, world, { ...of, modelId, modelHash })
  return { modelId, modelHash }
}

/** Predictions of a registered model on the CT of these patients, as one more run would leave them. */
export async function predictFor(
  db: Database,
  world: World,
  of: { modelId: string; modelHash: string; patients: readonly RosterPatient[]; predict: Predictor },
): Promise<void> {
  const { studyId } = world
  const { modelId, modelHash } = of
  await asSystemIn(db, world, async (wall) => {
    const ordered = { studyId, modelId, purpose: 'predict', scope: 'study', parts: ['validation', 'test'] }
    const { id: runId } = await wall.modelRun.create({ data: { ...ordered, requestedBy: 'test' } })
    for (const [index, { patientId, exams }] of of.patients.entries()) {
      if (exams.ct === undefined) continue
      const key = { studyId, examId: exams.ct, patientId, modality: 'ct', modelHash, preprocessingVersion: '1' }
      const at = { ...key, inputHash: hash() }
      const versions = { 'onnxruntime-node': '1' }
      const { id: recordId } = await wall.inferenceRecord.create({
        data: { ...at, runId, modelId, pointSetVersion: 1, executionProvider: 'cpu', versions, elapsedMs: 1 },
      })
      const cells = LEVELS.flatMap((level) =>
        SIDES.flatMap((side) => [...FEATURES, 'severity' as const].map((feature) => ({ level, side, feature }))),
      )
      await wall.prediction.createMany({
        data: cells.map((cell) => ({ ...at, ...cell, recordId, output: outputOf(of.predict(index, cell)) })),
      })
    }
  })
}

function outputOf(probabilities: readonly number[] | undefined): PredictionOutput {
  if (probabilities === undefined) return { kind: 'abstained', reason: 'unlike_training' }
  const grade = gradeOf(probabilities)
  return { kind: 'graded', probabilities: [...probabilities], grade, set: [grade] }
}
