import type { Database } from '@facetgrade/db/connect'
import { asSystemIn } from './behind-the-wall.ts'
import type { World } from './study-world.ts'

const SYNTHETIC = {
  modalities: ['ct'],
  state: 'registered',
  problems: [],
  manifest: {},
  card: '# Made by a test',
  isSyntheticOnly: true,
  isOtherData: true,
  preprocessingVersion: '1',
  registeredBy: 'test',
} as const
export const RECORDED_VERSIONS = { 'onnxruntime-node': '1.30.0' }

export type ModelRecords = {
  graderId: string
  graderHash: string
  localiserId: string
  /** On the exams given, done; one more exam failed. */
  predictRunId: string
  pointsRunId: string
  recordIds: readonly string[]
  proposalId: string
}

/**
 * The rows that registering, running and failing leave behind, on real exams, without any network: for tests of who may
 * see them. `cutOff` marks every probability, so that a test can look for it.
 */
export async function modelRecords(
  db: Database,
  world: World,
  exams: readonly { examId: string; patientId: string; part: string }[],
  cutOff = 0.25,
): Promise<ModelRecords> {
  const { studyId } = world
  const [first] = exams
  if (!first) throw new Error('modelRecords: no exams')
  const hash = () => crypto.randomUUID().replaceAll('-', '').padEnd(64, '0')
  const graderHash = hash()
  return asSystemIn(db, world, async (wall) => {
    const model = (data: { slug: string; kind: string; hash: string }) =>
      wall.model.create({
        data: { ...SYNTHETIC, ...data, modalities: ['ct'], problems: [], title: data.slug, studyId },
      })
    const grader = await model({ slug: 'test-grader', kind: 'grader', hash: graderHash })
    const localiser = await model({ slug: 'test-localiser', kind: 'localiser', hash: hash() })
    const run = (data: { modelId: string; purpose: string; parts: string[] }) =>
      wall.modelRun.create({ data: { ...data, studyId, scope: 'study', requestedBy: 'test' } })
    const predictRun = await run({ modelId: grader.id, purpose: 'predict', parts: ['train', 'validation'] })
    const pointsRun = await run({ modelId: localiser.id, purpose: 'propose_points', parts: [] })
    const recordIds: string[] = []
    for (const { examId, patientId } of exams) {
      const key = { studyId, examId, patientId, modality: 'ct', preprocessingVersion: '1' }
      const at = { ...key, modelHash: graderHash, inputHash: hash() }
      const made = { executionProvider: 'cpu', versions: RECORDED_VERSIONS, elapsedMs: 5 }
      const record = await wall.inferenceRecord.create({
        data: { ...at, ...made, runId: predictRun.id, modelId: grader.id, pointSetVersion: 1 },
      })
      recordIds.push(record.id)
      await wall.prediction.create({
        data: {
          ...at,
          recordId: record.id,
          level: 'L4L5',
          side: 'left',
          feature: 'narrowing',
          output: { kind: 'graded', probabilities: [1 - cutOff, cutOff, 0, 0], grade: 0, set: [0] },
        },
      })
    }
    const failed = { patientId: first.patientId, studyId, modality: 'ct', state: 'failed', attempts: 6 }
    await wall.modelRunExam.createMany({
      data: [predictRun, pointsRun].map(({ id }) => ({
        ...failed,
        runId: id,
        examId: first.examId,
        failureCode: 'IMAGE_ABSENT',
      })),
    })
    const proposal = await wall.pointProposal.create({
      data: {
        studyId,
        examId: first.examId,
        patientId: first.patientId,
        modality: 'ct',
        runId: pointsRun.id,
        modelId: localiser.id,
        modelHash: localiser.hash,
        preprocessingVersion: '1',
        inputHash: hash(),
        document: { points: [], naming: null, isNamingSure: false, abstained: 'wrong_body_part' },
        executionProvider: 'cpu',
        versions: RECORDED_VERSIONS,
        elapsedMs: 5,
      },
    })
    return {
      graderId: grader.id,
      graderHash,
      localiserId: localiser.id,
      predictRunId: predictRun.id,
      pointsRunId: pointsRun.id,
      recordIds,
      proposalId: proposal.id,
    }
  })
}
