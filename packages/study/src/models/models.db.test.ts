import type { ModelProblem } from '@facetgrade/grading/model-problem'
import type { Part } from '@facetgrade/grading/part'
import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { unsealWithDefaultPlan } from '@facetgrade/testing/evaluated-study'
import { gradableExams } from '@facetgrade/testing/gradable-exams'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aRoster, aSeal, type RosterPatient } from '@facetgrade/testing/signed-readings'
import { aWorld, contextOn, type PersonName, type World } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { beginExam, type ExamTask } from '../predictions/exam-task.ts'
import { failExam, noteFailure, recordPredictions } from '../predictions/record-result.ts'
import { actorIn } from '../procedure.ts'
import { evaluationFitness } from './evaluation-fitness.ts'
import { type InspectedModel, REGISTRARS, registerModel } from './register-model.ts'

const database = useTestDatabase()
const BY = { executionProvider: 'cpu', versions: { 'onnxruntime-node': '1.30.0' }, elapsedMs: 7 }

async function aStudy(parts: readonly Part[]): Promise<{ world: World; patients: RosterPatient[]; sealHash: string }> {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patients = await aRoster(
    db,
    world,
    parts.map((part) => ({ part, modalities: ['ct'] as const })),
  )
  await gradableExams(db, world, patients)
  await aSeal(db, world)
  const sealHash = await asSystemIn(db, world, (_, { unsealing }) => unsealing.sealHash(world.studyId))
  return { world, patients, sealHash: sealHash ?? '' }
}

const hex = (): string => crypto.randomUUID().replaceAll('-', '').padEnd(64, 'a')

function inspected(of: {
  kind?: 'grader' | 'localiser'
  splitSeal?: string
  hash?: string
  pixelPrefixes?: readonly string[]
  problems?: readonly ModelProblem[]
}): InspectedModel {
  return {
    hash: of.hash ?? hex(),
    summary: {
      slug: 'tiny',
      title: 'Tiny',
      kind: of.kind ?? 'grader',
      modalities: ['ct'],
      isSyntheticOnly: true,
      splitSeal: of.splitSeal ?? '0'.repeat(64),
      preprocessingVersion: '1',
    },
    manifest: { id: 'tiny' },
    card: '# Tiny',
    networks: [{ role: 'grader', modality: 'ct', sha256: hex(), bytes: 1000 }],
    pixelPrefixes: of.pixelPrefixes ?? ['ffffffffffffffff'],
    problems: of.problems ?? [],
  }
}

async function register(world: World, model: InspectedModel, name: PersonName = 'modeller') {
  const { db, boss } = database()
  const { userId } = world.as(name)
  const session = { userId, name: 'n', email: 'e', isAdministrator: false, hasSecondFactor: true }
  const context = contextOn(db, boss, session)
  const actor = await actorIn(context, session, world.studyCode, REGISTRARS)
  return context.open(actor, (wall) => registerModel({ ...wall, actor }, model))
}

const jobsOf = async (runId: string): Promise<number> => {
  const { rows } = await database().owner.query<{ jobs: number }>(
    `SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'exam.infer' AND data ->> 'runId' = $1`,
    [runId],
  )
  return rows[0]?.jobs ?? 0
}

/** What the worker does, without the network: the same answer for every joint. */
async function work(world: World, runId: string, examId: string): Promise<'over' | 'written'> {
  const { db } = database()
  const begun = await asSystemIn(db, world, (_, stores) => beginExam(stores, { studyId: world.studyId, runId, examId }))
  if (begun.kind === 'over') return 'over'
  await asSystemIn(db, world, (_, stores) =>
    recordPredictions(stores, begun.task, { grades: answerOf(begun.task), by: BY }),
  )
  return 'written'
}

const answerOf = ({ exam }: ExamTask) =>
  exam.levels.map((level) => ({
    level,
    side: 'left' as const,
    features: [
      {
        feature: 'narrowing' as const,
        output: { kind: 'graded' as const, probabilities: [0.125, 0.625, 0.25, 0], grade: 1, set: [1] },
      },
      { feature: 'cyst' as const, output: { kind: 'abstained' as const, reason: 'metal' as const } },
    ],
  }))

test("a model trained under this study's seal is its own, any other is marked as other data, and the same one again is the one there is", async () => {
  const { world, sealHash } = await aStudy(['train'])
  const own = await register(world, inspected({ splitSeal: sealHash }))
  const other = inspected({})
  const foreign = await register(world, other, 'investigator')
  expect(own).toMatchObject({ state: 'registered', isOtherData: false })
  expect(foreign).toMatchObject({ state: 'registered', isOtherData: true, isSyntheticOnly: true })
  expect((await register(world, other)).modelId).toBe(foreign.modelId)
  const listed = await world.as('coordinator').caller.models.list({ studyCode: world.studyCode })
  expect(listed.map(({ modelId }) => modelId)).toEqual([foreign.modelId, own.modelId])
})

test('a refused model says why, keeps no network on the allow-list, cannot be run, and may come again', async () => {
  const { world } = await aStudy(['train'])
  const { studyCode, studyId } = world
  const hash = hex()
  const problems = [{ code: 'EXTERNAL_DATA', at: 'ct.onnx' }] as const
  const refused = await register(world, inspected({ hash, problems }))
  expect(refused).toMatchObject({ state: 'refused', problems, networks: [] })
  await expect(
    world.as('modeller').caller.models.run({ studyCode, modelId: refused.modelId, parts: ['train'] }),
  ).rejects.toMatchObject({ message: 'MODEL_REFUSED' })
  expect(await register(world, inspected({ hash }))).toMatchObject({
    state: 'registered',
    networks: [{ role: 'grader' }],
  })
  const trail = await asSystemIn(database().db, world, (wall) =>
    wall.auditEntry.findMany({ where: { studyId, object: 'Model' }, orderBy: { id: 'asc' } }),
  )
  expect(trail.map(({ action, role }) => [action, role])).toEqual([
    ['model.refused', 'modeller'],
    ['model.registered', 'modeller'],
  ])
})

test('a run is one job an exam, in the transaction of its order; what nobody has numbered is left out and counted', async () => {
  const { world, patients } = await aStudy(['train', 'train', 'validation', 'test'])
  const { studyCode } = world
  const { modelId } = await register(world, inspected({}))
  const order = { studyCode, modelId, parts: ['train' as const, 'validation' as const] }
  const { caller } = world.as('modeller')
  expect(await caller.models.planRun(order)).toEqual({
    exams: 3,
    patients: 3,
    withoutPoints: 3,
    withoutNumbering: 0,
    parts: ['train', 'validation'],
  })
  const { runId, exams } = await caller.models.run(order)
  expect({ exams, jobs: await jobsOf(runId) }).toEqual({ exams: 3, jobs: 3 })
  // In an order of their own, so that one that a dead worker held comes before those that still wait.
  const { rows: queued } = await database().owner.query<{ priority: number }>(
    `SELECT priority FROM pgboss.job WHERE data ->> 'runId' = $1 ORDER BY priority DESC`,
    [runId],
  )
  expect(queued.map(({ priority }) => priority)).toEqual([0, -1, -2])
  const [, second] = patients
  const one = await caller.models.run({ studyCode, modelId, patientCode: second?.patientCode ?? '' })
  expect(one.exams).toBe(1)
  expect(await caller.models.showRun({ studyCode, runId: one.runId })).toMatchObject({
    scope: 'case',
    parts: ['train'],
    state: 'working',
    total: 1,
  })
  // An order that is refused leaves neither a run nor a job.
  const before = await caller.models.runs({ studyCode })
  await expect(caller.models.run({ studyCode, modelId, parts: [] })).rejects.toMatchObject({
    message: 'SPLIT_NOT_SEALED',
  })
  expect((await caller.models.runs({ studyCode })).rows).toHaveLength(before.rows.length)
})

test('predictions on the test part are ordered by the investigator alone, once a plan is locked, and unseen until the unsealing', async () => {
  const { world, patients } = await aStudy(['train', 'test'])
  const { studyCode } = world
  const { db } = database()
  const { modelId, hash } = await register(world, inspected({}))
  const order = { studyCode, modelId, parts: ['test' as const] }
  const { investigator, modeller, statistician } = {
    investigator: world.as('investigator').caller,
    modeller: world.as('modeller').caller,
    statistician: world.as('statistician').caller,
  }
  await expect(modeller.models.run(order)).rejects.toMatchObject({ message: 'NOT_ALLOWED' })
  const held = patients[1]
  if (!held) throw new Error('no test patient')
  await expect(modeller.models.run({ studyCode, modelId, patientCode: held.patientCode })).rejects.toMatchObject({
    message: 'NOT_FOUND',
  })
  await expect(investigator.models.run(order)).rejects.toMatchObject({ message: 'PLAN_NOT_LOCKED' })
  const { planId } = await statistician.plan.create({
    studyCode,
    document: await statistician.plan.default({ studyCode }),
  })
  await statistician.plan.lock({ studyCode, planId })
  const { runId } = await investigator.models.run(order)
  const examId = held.exams.ct ?? ''
  expect(await work(world, runId, examId)).toBe('written')

  const seen = async () => {
    const counts: Record<string, number> = {}
    for (const name of ['investigator', 'statistician', 'modeller', 'coordinator', 'monitor', 'J1', 'S1'] as const) {
      counts[name] = await asPersonIn(db, world, name, (wall) => wall.prediction.count())
    }
    return counts
  }
  const nobody = { investigator: 0, statistician: 0, modeller: 0, coordinator: 0, monitor: 0, J1: 0, S1: 0 }
  expect(await seen()).toEqual(nobody)
  expect((await investigator.predictions.list({ studyCode, modelId })).rows).toEqual([])
  expect((await modeller.models.runs({ studyCode })).rows).toEqual([])
  await unsealWithDefaultPlan(world)
  expect(await seen()).toEqual({ ...nobody, investigator: 10, statistician: 10 })
  const { rows } = await statistician.predictions.list({ studyCode, modelId })
  expect(rows).toMatchObject([{ patientCode: held.patientCode, graded: 5, abstained: 5, executionProvider: 'cpu' }])
  const shown = await statistician.predictions.show({ studyCode, recordId: rows[0]?.recordId ?? '' })
  expect(shown.joints[0]).toMatchObject({
    level: 'L1L2',
    side: 'left',
    severity: { direct: null, byRule: { kind: 'interval', lowest: 1 } },
  })
  const part = await asSystemIn(db, world, (_, { predictions }) =>
    predictions.ofPart({ studyId: world.studyId, part: 'test', modelHash: hash }),
  )
  expect(part).toHaveLength(10)
})

test('the same input goes through the same model once: a second run finds it, new points are a new input, and of two workers one writes', async () => {
  const { world, patients } = await aStudy(['train'])
  const { studyCode, studyId } = world
  const { db } = database()
  const { modelId, hash } = await register(world, inspected({}))
  const examId = patients[0]?.exams.ct ?? ''
  const order = () => world.as('modeller').caller.models.run({ studyCode, modelId, parts: ['train'] })
  const written = () => asSystemIn(db, world, (wall) => wall.prediction.count({ where: { studyId } }))
  const first = await order()
  // Two workers hold the same job: both compute, one writes.
  const begin = () => asSystemIn(db, world, (_, stores) => beginExam(stores, { studyId, runId: first.runId, examId }))
  const [a, b] = await Promise.all([begin(), begin()])
  if (a.kind === 'over' || b.kind === 'over') throw new Error('nothing to do')
  await Promise.all(
    [a.task, b.task].map((task) =>
      asSystemIn(db, world, (_, stores) => recordPredictions(stores, task, { grades: answerOf(task), by: BY })),
    ),
  )
  expect(await written()).toBe(10)
  const second = await order()
  expect(await work(world, second.runId, examId)).toBe('over')
  expect(await world.as('modeller').caller.models.showRun({ studyCode, runId: second.runId })).toMatchObject({
    state: 'done',
    counts: { done: 1, wasThere: 1 },
  })
  await asSystemIn(db, world, (wall) =>
    wall.pointSet.create({
      data: {
        studyId,
        examId,
        version: 1,
        source: 'coordinator',
        document: { points: [{ level: 'L4L5', side: 'left', kind: 'lps', mm: [1, 2, 3], frameOfReference: '1.2' }] },
        publishedBy: 'test',
      },
    }),
  )
  const third = await order()
  expect(await work(world, third.runId, examId)).toBe('written')
  expect(await written()).toBe(20)
  // Of the exam only the latest computation counts.
  const counted = await asSystemIn(db, world, (_, { predictions }) =>
    predictions.ofPart({ studyId, part: 'train', modelHash: hash }),
  )
  expect(counted).toHaveLength(10)
})

test('a failed exam waits for a person, who tries again or gives up with a reason; a cancelled run computes nothing more', async () => {
  const { world, patients } = await aStudy(['train', 'train'])
  const { studyCode, studyId } = world
  const { db } = database()
  const { modelId } = await register(world, inspected({}))
  const { caller } = world.as('modeller')
  const { runId } = await caller.models.run({ studyCode, modelId, parts: ['train'] })
  const [one = '', two = ''] = patients.map(({ exams }) => exams.ct ?? '')
  const system = (act: (stores: Parameters<typeof failExam>[0]) => Promise<unknown>) =>
    asSystemIn(db, world, (_, stores) => act(stores))
  await system((stores) => beginExam(stores, { studyId, runId, examId: one }))
  await system((stores) => noteFailure(stores, { runId, examId: one }, 'IMAGE_DAMAGED'))
  await system((stores) => failExam(stores, { runId, examId: one }))
  // A worker that was killed on every attempt notes nothing.
  await system((stores) => beginExam(stores, { studyId, runId, examId: two }))
  await system((stores) => failExam(stores, { runId, examId: two }))
  expect(await caller.models.showRun({ studyCode, runId })).toMatchObject({
    state: 'needs_a_person',
    counts: { failed: 2 },
  })
  const { rows } = await caller.models.failures({ studyCode, runId })
  expect(new Map(rows.map(({ examId, failure, attempts }) => [examId, { failure, attempts }]))).toEqual(
    new Map([
      [one, { failure: 'IMAGE_DAMAGED', attempts: 1 }],
      [two, { failure: 'WORKER_LOST', attempts: 1 }],
    ]),
  )
  await expect(world.as('coordinator').caller.models.failures({ studyCode, runId })).rejects.toMatchObject({
    message: 'NOT_FOUND',
  })
  expect(await caller.models.retry({ studyCode, runId, examId: two })).toEqual({ exams: 1 })
  expect(await jobsOf(runId)).toBe(3)
  expect(await caller.models.giveUp({ studyCode, runId, reason: 'the images are damaged' })).toEqual({ exams: 1 })
  await expect(caller.models.retry({ studyCode, runId })).rejects.toMatchObject({ message: 'NOTHING_FAILED' })
  await caller.models.cancelRun({ studyCode, runId })
  expect(await work(world, runId, two)).toBe('over')
  expect(await caller.models.showRun({ studyCode, runId })).toMatchObject({
    state: 'cancelled',
    counts: { given_up: 1, cancelled: 1, done: 0 },
  })
  await expect(caller.models.cancelRun({ studyCode, runId })).rejects.toMatchObject({ message: 'RUN_CANCELLED' })
})

test('a model that has seen an image of a test patient cannot be judged on them, whatever the pseudonyms; a late import counts', async () => {
  const { world, patients } = await aStudy(['train', 'test'])
  const { studyCode, studyId } = world
  const { db } = database()
  const anImage = (patient: RosterPatient | undefined, prefix: string) =>
    asSystemIn(db, world, (wall) =>
      wall.instance.create({
        data: {
          studyId,
          examId: patient?.exams.ct ?? '',
          seriesInstanceUid: '9.9',
          sopInstanceUid: `2.25.${crypto.randomUUID()}`,
          sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
          blobHash: '0'.repeat(64),
          pixelHash: prefix.padEnd(64, '0'),
          header: {},
        },
      }),
    )
  const [seen, seenLater] = ['cafecafecafecafe', 'feedfacefeedface']
  await anImage(patients[0], seen)
  const { modelId } = await register(world, inspected({ pixelPrefixes: [seen, seenLater] }))
  const fitness = (part: Part) => asSystemIn(db, world, (_, stores) => evaluationFitness(stores, { modelId, part }))
  expect(await fitness('test')).toEqual({ fit: true })
  expect(await fitness('train')).toEqual({ fit: false, reason: 'trained_on_its_patients', patients: 1 })
  await anImage(patients[1], seenLater)
  expect(await fitness('test')).toEqual({ fit: false, reason: 'trained_on_its_patients', patients: 1 })
  const { statistician, investigator } = {
    statistician: world.as('statistician').caller,
    investigator: world.as('investigator').caller,
  }
  const { planId } = await statistician.plan.create({
    studyCode,
    document: await statistician.plan.default({ studyCode }),
  })
  await statistician.plan.lock({ studyCode, planId })
  await expect(investigator.models.run({ studyCode, modelId, parts: ['test'] })).rejects.toMatchObject({
    message: 'MODEL_SAW_TEST',
  })
  expect(await investigator.models.show({ studyCode, modelId })).toMatchObject({ unfitFor: ['train', 'test'] })
  // The modeller is told of no test patient.
  expect(await world.as('modeller').caller.models.show({ studyCode, modelId })).toMatchObject({
    patientsSeen: { train: 1, test: 0 },
  })
})
