import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import {
  adjudicateAll,
  aReadStudy,
  evaluateNow,
  type Grader,
  unsealWithDefaultPlan,
} from '@facetgrade/testing/evaluated-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { sha256 } from '@facetgrade/testing/sha256'
import {
  aRoster,
  aSeal,
  aSignedReading,
  graded,
  notAssessable,
  type ReaderName,
} from '@facetgrade/testing/signed-readings'
import { aWorld } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { supersedeConsensus } from '../consensus/supersede-consensus.ts'

const database = useTestDatabase()

/** Grades that vary by patient, joint and reader, with a cell here and there that one could not assess. */
const LEVELS = ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1']
const joint = ({ level, side }: CellKey): number => 2 * LEVELS.indexOf(level) + (side === 'left' ? 0 : 1)
const truth = (patient: number, cell: CellKey): number => (3 * patient + joint(cell) + cell.feature.length) % 4
const answer: Grader = (reader, patient, cell) => {
  const step = (patient + 2 * joint(cell) + cell.feature.length) % 5
  const other = graded((truth(patient, cell) + 1) % 4)
  if (reader === 'J1' && step === 0 && cell.feature !== 'osteophytes') return other
  if (reader === 'J2' && step === 1 && cell.feature === 'erosion') return notAssessable
  if (reader === 'S2' && step === 2 && cell.feature === 'cyst' && patient % 2 === 1) return other
  return graded(truth(patient, cell))
}
const lower = (values: readonly CellAnswer[]): CellAnswer =>
  graded(Math.min(...values.flatMap((value) => (value.kind === 'graded' ? [value.grade] : []))))

const ROSTER = [
  { part: 'train' as const, modalities: ['ct' as const] },
  ...Array.from({ length: 5 }, () => ({ part: 'test' as const, modalities: ['ct' as const] })),
]

async function aStudyRead() {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patients = await aReadStudy(db, world, { roster: ROSTER, answer })
  const { studyCode } = world
  const investigator = world.as('investigator').caller
  const statistician = world.as('statistician').caller
  const settle = async () => {
    await adjudicateAll(world, ['S1', 'S2'], lower)
    await adjudicateAll(world, ['J1', 'J2'], lower)
  }
  return { db, world, patients, studyCode, investigator, statistician, settle }
}

test('each junior and the junior consensus against the reference, equal to a computation from the grades themselves', async () => {
  const { db, world, studyCode, investigator, statistician, settle } = await aStudyRead()
  await settle()
  await investigator.reference.derive({ studyCode })
  await unsealWithDefaultPlan(world)
  const { evaluationId } = await evaluateNow(db, world)
  const shown = await statistician.evaluation.show({ studyCode, evaluationId })
  expect(shown).toMatchObject({ planVersion: 1, unsealingOrdinal: 1, referenceVersion: 1, isStale: false })
  expect(shown.resultHash).toBe(sha256(canonicalJson(shown.results)))
  expect(shown.inputHash).toBe(sha256(canonicalJson(shown.inputs)))
  const { rows } = shown.results
  const primary = rows.filter(({ analysis, missingRule }) => analysis === 'performance' && missingRule === null)
  const ct = primary.filter((row) => row.modality === 'ct')
  expect(new Set(primary.map((row) => row.comparator))).toEqual(new Set(['J1', 'J2', 'junior']))
  for (const reader of ['J1', 'J2', 'junior'] as const) {
    for (const feature of ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const) {
      const expected = byHand(reader, feature)
      const of = (metric: string) =>
        ct.find((row) => row.comparator === reader && row.feature === feature && row.metric === metric)?.result
      expect(of('accuracy')).toMatchObject({ n: expected.n, clusters: 5, nMissing: expected.missing })
      for (const metric of ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1', 'weighted_kappa'] as const) {
        expect({ reader, feature, metric, estimate: of(metric)?.estimate }).toEqual({
          reader,
          feature,
          metric,
          estimate: expect.closeTo(expected[metric], 10),
        })
      }
    }
  }
  expect(ct.filter((row) => row.feature === 'severity')).toHaveLength(27)
})

/** Independent of the product: counts straight from the grader functions, metrics from their textbook definitions. */
function byHand(
  rater: 'J1' | 'J2' | 'junior',
  feature: 'narrowing' | 'hypertrophy' | 'osteophytes' | 'erosion' | 'cyst',
) {
  const pairs: [number, number][] = []
  let missing = 0
  for (let patient = 1; patient <= 5; patient++) {
    for (const level of LEVELS) {
      for (const side of ['left', 'right']) {
        const cell = { level, side, feature } as CellKey
        const of = (reader: ReaderName) => answer(reader, patient, cell, 'ct')
        const [s1, s2, j1, j2] = [of('S1'), of('S2'), of('J1'), of('J2')]
        const reference = lower([s1, s2])
        const agreed = JSON.stringify(j1) === JSON.stringify(j2) ? j1 : lower([j1, j2])
        const rating = { J1: j1, J2: j2, junior: agreed }[rater]
        if (rating.kind === 'graded' && reference.kind === 'graded') pairs.push([rating.grade, reference.grade])
        else missing++
      }
    }
  }
  const count = (hit: (call: boolean, positive: boolean) => boolean) =>
    pairs.filter(([a, b]) => hit(a >= 1, b >= 1)).length
  const tp = count((call, positive) => call && positive)
  const fp = count((call, positive) => call && !positive)
  const fn = count((call, positive) => !call && positive)
  const tn = count((call, positive) => !call && !positive)
  const observed = pairs.reduce((sum, [a, b]) => sum + (a - b) ** 2, 0)
  let chance = 0
  for (const [a] of pairs) for (const [, b] of pairs) chance += (a - b) ** 2 / pairs.length
  return {
    n: pairs.length,
    missing,
    accuracy: (tp + tn) / pairs.length,
    precision: tp / (tp + fp),
    sensitivity: tp / (tp + fn),
    specificity: tn / (tn + fp),
    f1: (2 * tp) / (2 * tp + fp + fn),
    weighted_kappa: 1 - observed / chance,
  }
}

test('a reference is derived only when whatever is left out is named', async () => {
  const { studyCode, investigator } = await aStudyRead()
  const preview = await investigator.reference.preview({ studyCode })
  expect(preview).toMatchObject({ complete: 3 })
  expect(preview.incomplete.map(({ state }) => state)).toEqual(Array(3).fill('adjudication_open'))
  await expect(investigator.reference.derive({ studyCode })).rejects.toMatchObject({ message: 'REFERENCE_INCOMPLETE' })
  const leaveOut = preview.incomplete.map(({ patientCode, modality }) => ({ patientCode, modality }))
  const derived = await investigator.reference.derive({ studyCode, leaveOut })
  expect(derived).toMatchObject({ version: 1, cases: preview.complete, isNew: true })
})

test('a reference is a version: the same consensus gives the same one, an unlock makes it stale and the next one new', async () => {
  const { db, world, patients, studyCode, investigator, settle } = await aStudyRead()
  await settle()
  const first = await investigator.reference.derive({ studyCode })
  expect(first).toMatchObject({ version: 1, cases: 6, cells: 300, isNew: true, isStale: false })
  expect(await investigator.reference.derive({ studyCode })).toMatchObject({
    version: 1,
    isNew: false,
    hash: first.hash,
  })
  const readingId = await asSystemIn(db, world, async (wall, stores) => {
    const reading = await wall.reading.findFirstOrThrow({
      where: { memberId: world.as('S1').memberId, patientId: patients[1]?.patientId ?? '' },
    })
    const signature = await wall.signature.findFirstOrThrow({ where: { readingId: reading.id } })
    await wall.unlock.create({
      data: {
        studyId: world.studyId,
        readingId: reading.id,
        signatureId: signature.id,
        reason: 'wrong side',
        unlockedBy: 'u',
      },
    })
    await supersedeConsensus(stores, reading.id)
    return reading.id
  })
  expect(readingId).toBeTruthy()
  expect(await investigator.reference.versions({ studyCode })).toMatchObject([{ version: 1, isStale: true }])
  const { incomplete } = await investigator.reference.preview({ studyCode })
  expect(incomplete).toMatchObject([{ patientCode: patients[1]?.patientCode, state: 'not_read' }])
  const leaveOut = incomplete.map(({ patientCode, modality }) => ({ patientCode, modality }))
  expect(await investigator.reference.derive({ studyCode, leaveOut })).toMatchObject({
    version: 2,
    cases: 5,
    isNew: true,
  })
})

test('two derivations at the same moment make one version', async () => {
  const { studyCode, investigator, settle } = await aStudyRead()
  await settle()
  const both = await Promise.all([
    investigator.reference.derive({ studyCode }),
    investigator.reference.derive({ studyCode }),
  ])
  expect(both.map(({ version, isNew }) => `${version} ${isNew}`).toSorted()).toEqual(['1 false', '1 true'])
})

test('an evaluation is refused until the test part is opened under a locked plan, its adjudication done, a reference there', async () => {
  const { db, world, studyCode, investigator, statistician, settle } = await aStudyRead()
  const refused = (message: string) =>
    expect(statistician.evaluation.run({ studyCode })).rejects.toMatchObject({ message })
  await refused('NOT_UNSEALED')
  const { planId } = await statistician.plan.create({
    studyCode,
    document: await statistician.plan.default({ studyCode }),
  })
  const reason = 'first evaluation as planned'
  await expect(investigator.unsealing.create({ studyCode, planId, reason })).rejects.toMatchObject({
    message: 'PLAN_NOT_LOCKED',
  })
  await expect(statistician.evaluation.run({ studyCode, planId })).rejects.toMatchObject({ message: 'PLAN_NOT_LOCKED' })
  await statistician.plan.lock({ studyCode, planId })
  await expect(statistician.plan.lock({ studyCode, planId })).rejects.toMatchObject({ message: 'PLAN_LOCKED' })
  await expect(statistician.evaluation.run({ studyCode, planId })).rejects.toMatchObject({ message: 'NOT_UNSEALED' })
  await expect(statistician.unsealing.create({ studyCode, planId, reason })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  const { ordinal } = await investigator.unsealing.create({ studyCode, planId, reason })
  expect(ordinal).toBe(1)
  await refused('REFERENCE_MISSING')
  const preview = await investigator.reference.preview({ studyCode })
  const leaveOut = preview.incomplete.map(({ patientCode, modality }) => ({ patientCode, modality }))
  await investigator.reference.derive({ studyCode, leaveOut })
  await refused('ADJUDICATION_OPEN')
  await settle()
  await investigator.reference.derive({ studyCode })
  const { evaluationId } = await evaluateNow(db, world)
  expect(await statistician.evaluation.list({ studyCode })).toMatchObject([{ evaluationId, isStale: false }])
  expect(await investigator.unsealing.create({ studyCode, planId, reason })).toMatchObject({ ordinal: 2 })
  expect(await investigator.evaluation.state({ studyCode })).toMatchObject({
    plan: { version: 1, isLocked: true },
    reference: { isStale: false },
    unsealings: 2,
    evaluations: 1,
    latestIsStale: false,
  })
  expect((await world.as('monitor').caller.evaluation.state({ studyCode })).evaluations).toBe(0)
})

test('a plan that compares those who set the reference is refused', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { studyCode } = world
  const { plan } = world.as('statistician').caller
  const document = await plan.default({ studyCode })
  const comparators = [{ group: 'senior', readers: true, consensus: false, aided: false }]
  await expect(plan.create({ studyCode, document: { ...document, comparators } })).rejects.toMatchObject({
    message: 'REFERENCE_READER_COMPARED',
  })
  const [family] = document.families
  const seniors = [{ ...family, id: 'juniors_and_seniors', hypothesis: 'difference', comparison: 'junior_vs_senior' }]
  await expect(plan.create({ studyCode, document: { ...document, families: seniors } })).rejects.toMatchObject({
    message: 'REFERENCE_READER_COMPARED',
  })
  await expect(plan.create({ studyCode, document: { ...document, suppressBelow: 0 } })).rejects.toMatchObject({
    message: 'PLAN_INVALID',
  })
})

test("results on a signature that is taken back are stale; another study's evaluation is absent", async () => {
  const { db, world, patients, studyCode, investigator, statistician, settle } = await aStudyRead()
  await settle()
  await investigator.reference.derive({ studyCode })
  await unsealWithDefaultPlan(world)
  const { evaluationId } = await evaluateNow(db, world)
  await asSystemIn(db, world, async (wall, stores) => {
    const reading = await wall.reading.findFirstOrThrow({
      where: { memberId: world.as('J2').memberId, patientId: patients[3]?.patientId ?? '' },
    })
    const signature = await wall.signature.findFirstOrThrow({ where: { readingId: reading.id } })
    await wall.unlock.create({
      data: {
        studyId: world.studyId,
        readingId: reading.id,
        signatureId: signature.id,
        reason: 'a whole level missed',
        unlockedBy: 'u',
      },
    })
    await supersedeConsensus(stores, reading.id)
  })
  expect(await statistician.evaluation.list({ studyCode })).toMatchObject([{ evaluationId, isStale: true }])
  expect(await investigator.reference.versions({ studyCode })).toMatchObject([{ isStale: false }])
  const other = await aWorld(db, database().boss)
  await expect(
    other.as('statistician').caller.evaluation.show({ studyCode: other.studyCode, evaluationId }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  for (const name of ['J1', 'coordinator', 'modeller', 'monitor'] as const) {
    await expect(world.as(name).caller.evaluation.show({ studyCode, evaluationId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  }
})

test('the wall: before an unsealing consensus and reference of the test part cannot be selected, afterwards they can', async () => {
  const { db, world, patients, studyCode, investigator, settle } = await aStudyRead()
  await settle()
  await investigator.reference.derive({ studyCode })
  const seen = async () =>
    asPersonIn(db, world, 'statistician', async (wall) =>
      [
        await wall.gradeEvent.findMany({ distinct: ['patientId'] }),
        await wall.consensusCell.findMany({ distinct: ['patientId'] }),
        await wall.referenceCell.findMany({ distinct: ['patientId'] }),
      ].map((rows) => rows.length),
    )
  expect(await seen()).toEqual([1, 1, 1])
  await unsealWithDefaultPlan(world)
  expect(await seen()).toEqual([6, 6, 6])
  const reader = await asPersonIn(db, world, 'S1', async (wall) => [
    await wall.referenceCell.count(),
    await wall.consensusCell.count(),
    await wall.evaluation.count(),
  ])
  expect(reader).toEqual([0, 0, 0])
  expect(patients).toHaveLength(6)
})

test('a reader who stopped half way counts as missing, patient by patient', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  await aSeal(db, world)
  const given = await aRoster(db, world, ROSTER.slice(1, 4))
  for (const [index, patient] of given.entries()) {
    for (const reader of ['J1', 'J2', 'S1', 'S2'] as const) {
      if (reader === 'J2' && index > 0) continue
      await aSignedReading(db, world, { reader, patient, modality: 'ct', answer: () => graded(index % 4) })
    }
  }
  const { studyCode } = world
  await world.as('investigator').caller.reference.derive({ studyCode })
  await unsealWithDefaultPlan(world)
  const { caller } = world.as('statistician')
  const { evaluationId } = await evaluateNow(db, world)
  const { results } = await caller.evaluation.show({ studyCode, evaluationId })
  const accuracy = (comparator: string) =>
    results.rows.find(
      (row) =>
        row.analysis === 'performance' &&
        row.missingRule === null &&
        row.comparator === comparator &&
        row.modality === 'ct' &&
        row.feature === 'cyst' &&
        row.metric === 'accuracy',
    )?.result
  expect(accuracy('J2')).toMatchObject({ n: 10, clusters: 1, nMissing: 20, missing: { raterNotGraded: 20 } })
  expect(accuracy('junior')).toMatchObject({ n: 10, nMissing: 20 })
  expect(accuracy('J1')).toMatchObject({ n: 30, clusters: 3, nMissing: 0 })
})
