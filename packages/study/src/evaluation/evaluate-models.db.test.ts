import type { EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { CellAnswer } from '@facetgrade/grading/cell'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { adjudicateAll, aReadStudy, evaluateNow, performRun } from '@facetgrade/testing/evaluated-study'
import { gradableExams } from '@facetgrade/testing/gradable-exams'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aPredictingModel, type Predictor, predictFor } from '@facetgrade/testing/predicted-study'
import { graded } from '@facetgrade/testing/signed-readings'
import { aWorld } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { supersedeConsensus } from '../consensus/supersede-consensus.ts'
import { type EvaluationHost, performEvaluation } from './perform-evaluation.ts'

const database = useTestDatabase()
const ROSTER = [
  { part: 'train' as const, modalities: ['ct' as const] },
  ...Array.from({ length: 2 }, () => ({ part: 'validation' as const, modalities: ['ct' as const] })),
  ...Array.from({ length: 4 }, () => ({ part: 'test' as const, modalities: ['ct' as const] })),
]
const truth = (patient: number, level: string, side: string): number =>
  (patient + level.charCodeAt(1) + (side === 'left' ? 0 : 1)) % 4
/** Sure of the grade next to the truth, and abstains on one joint. */
const predict: Predictor = (patient, { level, side }) => {
  if (level === 'L1L2' && side === 'left') return undefined
  const seen = Math.max(0, truth(patient, level, side) - (side === 'left' ? 0 : 1))
  return [0, 1, 2, 3].map((grade) => (grade === seen ? 0.7 : 0.1))
}
const first = ([one]: readonly CellAnswer[]): CellAnswer => one ?? graded(0)

/** Read, settled and referenced; no plan yet. */
async function aReferencedStudy() {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patients = await aReadStudy(db, world, {
    roster: ROSTER,
    answer: (reader, patient, cell) =>
      graded((truth(patient, cell.level, cell.side) + Number(reader === 'J2' && cell.level === 'L4L5')) % 4),
  })
  await adjudicateAll(world, ['J1', 'J2'], first)
  const { studyCode } = world
  const investigator = world.as('investigator').caller
  const statistician = world.as('statistician').caller
  await investigator.reference.derive({ studyCode })
  const shipped = await statistician.plan.default({ studyCode })
  const bootstrap = { ...shipped.interval.bootstrap, replicates: 200 }
  const document = { ...shipped, interval: { ...shipped.interval, bootstrap } }
  const lockAndUnseal = async (changed: object = {}) => {
    const { planId } = await statistician.plan.create({ studyCode, document: { ...document, ...changed } })
    await statistician.plan.lock({ studyCode, planId })
    await investigator.unsealing.create({ studyCode, planId, reason: 'as the plan says' })
    return planId
  }
  return { db, world, patients, studyCode, investigator, statistician, document, lockAndUnseal }
}

test('a model is judged at the threshold that validation chose, beside readers and against them, and its threshold stays', async () => {
  const { db, world, patients, studyCode, statistician, lockAndUnseal } = await aReferencedStudy()
  const { modelHash } = await aPredictingModel(db, world, { slug: 'grader-one', patients, predict })
  await lockAndUnseal()
  const { evaluationId } = await evaluateNow(db, world)
  const { results, inputs } = await statistician.evaluation.show({ studyCode, evaluationId })
  expect(inputs.models).toMatchObject([{ slug: 'grader-one', hash: modelHash, predictions: 4 * 60 }])
  expect(results.comparators.map(({ code, kind }) => `${code} ${kind}`)).toEqual([
    'grader-one model',
    'J1 reader',
    'J2 reader',
    'junior consensus',
    'S1 reference_reader',
    'S2 reference_reader',
  ])
  const ct = results.operatingPoints.filter(({ modality }) => modality === 'ct')
  expect(ct).toHaveLength(6)
  // Two patients of validation, one joint of each left out by the abstention.
  for (const point of ct) expect(point).toMatchObject({ rule: 'youden', n: 18, patients: 2 })
  const row = (key: Partial<EvaluationRow>) =>
    results.rows.find(
      (one) =>
        one.modality === 'ct' &&
        one.feature === 'narrowing' &&
        one.missingRule === null &&
        Object.entries(key).every(([name, value]) => one[name as keyof EvaluationRow] === value),
    )?.result
  const kappa = row({ analysis: 'performance', comparator: 'grader-one', metric: 'weighted_kappa' })
  expect(kappa).toMatchObject({ n: 36, clusters: 4, missing: { raterNotAssessable: 4 } })
  expect(row({ analysis: 'performance', comparator: 'grader-one', metric: 'f1' })?.estimate).not.toBeNull()
  expect(row({ analysis: 'model_vs_reader', against: 'J1', metric: 'accuracy' })).toMatchObject({ n: 36 })
  expect(results.rows.some(({ analysis }) => analysis === 'hypothesis')).toBe(true)
  expect(results.distributions.some(({ part, feature }) => part === 'train' && feature === 'severity')).toBe(true)
  expect(results.flow.parts.map(({ part, patients: count }) => `${part} ${count}`)).toEqual([
    'train 1',
    'validation 2',
    'test 4',
  ])
  expect(results.tableOne.map(({ variable }) => variable)).toEqual(
    expect.arrayContaining(['age_years', 'sex', 'site', 'has_ct']),
  )
  expect(results.readingTimes.length).toBeGreaterThan(0)
  expect(results.gallery.every(({ examId }) => examId !== null)).toBe(true)
  const again = await statistician.evaluation.show({ studyCode, ...(await evaluateNow(db, world)) })
  expect(again.results.operatingPoints).toEqual(results.operatingPoints)
  expect(again.resultHash).toBe((await statistician.evaluation.show({ studyCode, evaluationId })).resultHash)
  const few = await statistician.evaluation.show({ studyCode, evaluationId, analyses: ['model_vs_panel'] })
  expect(new Set(few.results.rows.map(({ analysis }) => analysis))).toEqual(new Set(['model_vs_panel']))
}, 60_000)

test('a model that saw a patient of the test part, a model that nobody registered, and one that was never run are refused', async () => {
  const { db, world, patients, studyCode, statistician, lockAndUnseal } = await aReferencedStudy()
  const pixels = 'a'.repeat(64)
  await gradableExams(db, world, patients.filter(({ part }) => part === 'test').slice(0, 1), pixels)
  const { modelId } = await aPredictingModel(db, world, { slug: 'grader-one', patients, predict })
  const order = (planId: string) => statistician.evaluation.run({ studyCode, planId })
  const stranger = await lockAndUnseal({ models: { which: 'named', ids: ['nobody'] } })
  await expect(order(stranger)).rejects.toMatchObject({ message: 'PLAN_MODEL_UNKNOWN' })
  await aPredictingModel(db, world, { slug: 'not-run', patients: [], predict })
  const unrun = await lockAndUnseal({ models: { which: 'named', ids: ['not-run'] } })
  await expect(order(unrun)).rejects.toMatchObject({ message: 'PREDICTIONS_MISSING' })
  await asSystemIn(db, world, (wall) =>
    wall.modelTrainingPixels.create({ data: { modelId, studyId: world.studyId, prefixes: [pixels.slice(0, 16)] } }),
  )
  const all = await lockAndUnseal()
  await expect(order(all)).rejects.toMatchObject({ message: 'MODEL_SAW_TEST' })
})

test('a dry run shows the whole plan before its lock on made-up grades alone, and is kept apart from evaluations', async () => {
  const { db, world, patients, studyCode, statistician, document } = await aReferencedStudy()
  const { planId } = await statistician.plan.create({ studyCode, document })
  const { runId } = await statistician.evaluation.dryRun({ studyCode, planId })
  expect(await statistician.evaluation.follow({ studyCode, runId })).toMatchObject({
    kind: 'dry_run',
    state: 'waiting',
  })
  await performRun(db, world, runId)
  const { state, dryRunId, evaluationId } = await statistician.evaluation.follow({ studyCode, runId })
  expect({ state, evaluationId }).toEqual({ state: 'done', evaluationId: null })
  const shown = await statistician.evaluation.showDryRun({ studyCode, dryRunId: dryRunId ?? '' })
  expect(shown.results).toMatchObject({ data: 'simulated', studyKind: 'synthetic' })
  const kinds = new Set(shown.results.rows.map(({ analysis }) => analysis))
  for (const kind of ['performance', 'model_vs_panel', 'hypothesis', 'agreement_pair'] as const)
    expect(kinds).toContain(kind)
  expect(shown.results.comparators.find(({ kind }) => kind === 'model')?.code).toBe('simulated-model')
  const text = JSON.stringify(shown)
  for (const { patientCode } of patients) expect(text).not.toContain(patientCode)
  expect(await statistician.evaluation.list({ studyCode })).toEqual([])
  expect(await statistician.evaluation.dryRuns({ studyCode })).toMatchObject([{ dryRunId, planVersion: 1 }])
  await expect(
    world.as('monitor').caller.evaluation.showDryRun({ studyCode, dryRunId: dryRunId ?? '' }),
  ).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
}, 60_000)

test('a cancelled run leaves nothing behind, and what is over cannot be cancelled', async () => {
  const { db, world, studyCode, statistician, lockAndUnseal } = await aReferencedStudy()
  await lockAndUnseal()
  const { runId } = await statistician.evaluation.run({ studyCode })
  await statistician.evaluation.cancel({ studyCode, runId })
  await performRun(db, world, runId)
  expect(await statistician.evaluation.follow({ studyCode, runId })).toMatchObject({
    state: 'cancelled',
    evaluationId: null,
  })
  expect(await statistician.evaluation.list({ studyCode })).toEqual([])
  await expect(statistician.evaluation.cancel({ studyCode, runId })).rejects.toMatchObject({
    message: 'EVALUATION_OVER',
  })
})

test('a model that was not run on validation yet has no threshold; one chosen later stays, whatever validation says then', async () => {
  const { db, world, patients, studyCode, statistician, lockAndUnseal } = await aReferencedStudy()
  const test = patients.map((patient) => (patient.part === 'test' ? patient : { ...patient, exams: {} }))
  const { modelId, modelHash } = await aPredictingModel(db, world, { slug: 'grader-one', patients: test, predict })
  await lockAndUnseal()
  const points = async () => {
    const { evaluationId } = await evaluateNow(db, world)
    const { results } = await statistician.evaluation.show({ studyCode, evaluationId, analyses: ['performance'] })
    return results.operatingPoints.filter(({ modality, feature }) => modality === 'ct' && feature === 'cyst')
  }
  expect(await points()).toMatchObject([{ threshold: null, n: 0 }])
  const validation = patients.map((patient) => (patient.part === 'validation' ? patient : { ...patient, exams: {} }))
  await predictFor(db, world, { modelId, modelHash, patients: validation, predict })
  const [chosen] = await points()
  expect(chosen).toMatchObject({ n: 18, threshold: expect.any(Number) })
  await asSystemIn(db, world, (wall) =>
    wall.patient.updateMany({
      where: { id: patients[1]?.patientId ?? '' },
      data: { withdrawnAt: new Date(), withdrawnBy: 'u', withdrawalCode: 'consent', withdrawalReason: 'asked' },
    }),
  )
  expect(await points()).toEqual([chosen])
}, 60_000)

test('a run that is cancelled while the resamples are drawn stops drawing and leaves nothing behind', async () => {
  const { db, world, studyCode, statistician, lockAndUnseal } = await aReferencedStudy()
  await lockAndUnseal()
  const { runId } = await statistician.evaluation.run({ studyCode })
  let stopped: unknown
  const host: EvaluationHost = {
    asSystem: (work) => asSystemIn(db, world, (_, stores) => work(stores)),
    async resample(_job, { signal, onProgress }) {
      await statistician.evaluation.cancel({ studyCode, runId })
      onProgress(1)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      stopped = signal.reason
      throw stopped
    },
  }
  await performEvaluation(host, { studyId: world.studyId, runId })
  expect(stopped).toBeInstanceOf(Error)
  expect(await statistician.evaluation.follow({ studyCode, runId })).toMatchObject({ state: 'cancelled' })
  expect(await statistician.evaluation.list({ studyCode })).toEqual([])
})

test('what is taken back between the order and the job fails the run with its code', async () => {
  const { db, world, patients, studyCode, statistician, lockAndUnseal } = await aReferencedStudy()
  await lockAndUnseal()
  const { runId } = await statistician.evaluation.run({ studyCode })
  await asSystemIn(db, world, async (wall, stores) => {
    const reading = await wall.reading.findFirstOrThrow({
      where: { memberId: world.as('S1').memberId, patientId: patients.at(-1)?.patientId ?? '' },
    })
    const signature = await wall.signature.findFirstOrThrow({ where: { readingId: reading.id } })
    const unlock = { studyId: world.studyId, readingId: reading.id, signatureId: signature.id }
    await wall.unlock.create({ data: { ...unlock, reason: 'a level missed', unlockedBy: 'u' } })
    await supersedeConsensus(stores, reading.id)
  })
  await performRun(db, world, runId)
  expect(await statistician.evaluation.follow({ studyCode, runId })).toMatchObject({
    state: 'failed',
    failure: 'REFERENCE_STALE',
    evaluationId: null,
  })
})
