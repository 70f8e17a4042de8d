import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { gradableExams } from '@facetgrade/testing/gradable-exams'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aRoster, aSeal, aSignedReading, graded } from '@facetgrade/testing/signed-readings'
import { aWorld, type PersonName, TEST_PIN, type World } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'

const database = useTestDatabase()
const proof = { method: 'pin', pin: TEST_PIN } as const
const ELIGIBLE = { I1: 'yes', I2: 'yes', I3: 'yes', E1: 'no', E2: 'no', E3: 'no', E4: 'no' } as const
const OPERATED = { ...ELIGIBLE, E1: 'yes', E3: 'yes' } as const

async function aStudyWith(patients: number): Promise<{ world: World; patientIds: string[] }> {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patientIds = await asSystemIn(db, world, async (wall) => {
    const ids = Array.from({ length: patients }, () => crypto.randomUUID())
    await wall.patient.createMany({
      data: ids.map((id, index) => ({
        id,
        studyId: world.studyId,
        patientCode: `P${String(index).padStart(10, '0')}`,
        enrolmentNumber: index + 1,
        ageYears: 50,
        imagedInPeriod: true,
      })),
    })
    return ids
  })
  return { world, patientIds }
}

type Signing = {
  patientId: string
  answers?: Record<string, 'yes' | 'no' | 'unknown'>
  decision?: 'eligible' | 'excluded'
}

async function sign(world: World, look: 'firstLook' | 'secondLook', signing: Signing, who?: PersonName) {
  const { caller } = world.as(who ?? (look === 'firstLook' ? 'coordinator' : 'investigator'))
  const { studyCode } = world
  const { patientId, answers = ELIGIBLE } = signing
  const shown = await caller.screening.show({ studyCode, patientId })
  return caller.screening[look]({
    studyCode,
    patientId,
    answers,
    decision: signing.decision ?? (Object.is(answers, ELIGIBLE) ? 'eligible' : 'excluded'),
    protocolVersion: shown.protocolVersion,
    seenLookId: shown.looks.at(-1)?.lookId ?? null,
    proof,
  })
}

const only = (ids: readonly string[]): string => {
  const [id] = ids
  if (id === undefined) throw new Error('no patient')
  return id
}

test('two people find a patient eligible; what is left is the numbering', async () => {
  const { world, patientIds } = await aStudyWith(1)
  const { studyCode } = world
  const patientId = only(patientIds)
  const office = world.as('coordinator').caller
  expect((await office.screening.list({ studyCode })).rows).toMatchObject([
    { patientId, standing: 'not_screened', next: 'first_look', isNumbered: false },
  ])
  expect(await sign(world, 'firstLook', { patientId })).toMatchObject({ standing: 'second_look_missing' })
  expect(await sign(world, 'secondLook', { patientId })).toMatchObject({ standing: 'eligible' })
  expect((await office.screening.list({ studyCode, open: true })).rows).toMatchObject([
    { firstLook: 'eligible', secondLook: 'eligible', next: 'numbering' },
  ])
  const numbering = { lumbarVertebrae: 'six', isTransitional: true, confirmedOn: 'sagittal' } as const
  expect(await office.numbering.confirm({ studyCode, patientId, numbering, seenVersion: 0 })).toEqual({ version: 1 })
  await expect(office.numbering.confirm({ studyCode, patientId, numbering, seenVersion: 0 })).rejects.toMatchObject({
    message: 'NUMBERING_MOVED',
  })
  const shown = await office.numbering.show({ studyCode, patientId })
  expect(shown.versions).toMatchObject([{ version: 1, numbering }])
  expect(shown.levels).toMatchObject({ six: ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5L6', 'L6S1'] })
  expect((await office.screening.list({ studyCode, open: true })).rows).toEqual([])
  const trail = await asSystemIn(database().db, world, (wall) =>
    wall.auditEntry.findMany({ where: { studyId: world.studyId }, orderBy: { id: 'asc' } }),
  )
  expect(trail.map(({ action, role }) => [action, role])).toEqual([
    ['screening.first_look', 'coordinator'],
    ['screening.second_look', 'investigator'],
    ['level-numbering.confirmed', 'coordinator'],
  ])
})

test('a spine of four or six lumbar vertebrae is transitional', async () => {
  const { world, patientIds } = await aStudyWith(1)
  const numbering = { lumbarVertebrae: 'four', isTransitional: false, confirmedOn: 'sagittal' } as const
  await expect(
    world
      .as('coordinator')
      .caller.numbering.confirm({ studyCode: world.studyCode, patientId: only(patientIds), numbering, seenVersion: 0 }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('an exclusion names its criteria in the order of the protocol', async () => {
  const { world, patientIds } = await aStudyWith(1)
  const patientId = only(patientIds)
  await sign(world, 'firstLook', { patientId, answers: OPERATED })
  await sign(world, 'secondLook', { patientId, answers: OPERATED })
  const shown = await world.as('monitor').caller.screening.show({ studyCode: world.studyCode, patientId })
  expect(shown).toMatchObject({ standing: 'excluded', next: null })
  expect(shown.looks.map(({ look, codes }) => [look, codes])).toEqual([
    ['first', ['E1', 'E3']],
    ['second', ['E1', 'E3']],
  ])
})

test('what the data know is proposed, and nothing else', async () => {
  const { world, patientIds } = await aStudyWith(1)
  const shown = await world
    .as('coordinator')
    .caller.screening.show({ studyCode: world.studyCode, patientId: only(patientIds) })
  expect(shown.criteria.map(({ code, proposed }) => [code, proposed])).toEqual([
    ['I1', 'yes'],
    ['I2', 'yes'],
    ['I3', 'no'],
    ['E1', null],
    ['E2', null],
    ['E3', null],
    ['E4', null],
  ])
})

test('the same person cannot make both looks', async () => {
  const { db } = database()
  const { world, patientIds } = await aStudyWith(1)
  const patientId = only(patientIds)
  const { studyId } = world
  const { userId } = world.as('coordinator')
  await asSystemIn(db, world, (wall) =>
    wall.member.create({ data: { studyId, userId, role: 'investigator', createdBy: userId } }),
  )
  await sign(world, 'firstLook', { patientId })
  await expect(sign(world, 'secondLook', { patientId }, 'coordinator')).rejects.toMatchObject({
    message: 'SECOND_LOOK_SAME_PERSON',
  })
})

test('a contradiction stays open until the investigator has looked once more', async () => {
  const { world, patientIds } = await aStudyWith(1)
  const { studyCode } = world
  const patientId = only(patientIds)
  const nextOf = async () => (await world.as('investigator').caller.screening.list({ studyCode })).rows[0]?.next
  await sign(world, 'firstLook', { patientId, answers: OPERATED })
  expect(await nextOf()).toBe('second_look')
  expect(await sign(world, 'secondLook', { patientId })).toMatchObject({ standing: 'disagreement' })
  expect(await nextOf()).toBe('further_look')
  expect(await world.as('investigator').caller.screening.flow({ studyCode })).toMatchObject({ waiting: 1, screened: 0 })
  expect(await sign(world, 'secondLook', { patientId })).toMatchObject({ standing: 'eligible' })
})

test('a look is refused that nobody waits for, is incomplete, does not say what it shows or was overtaken', async () => {
  const { world, patientIds } = await aStudyWith(1)
  const { studyCode } = world
  const patientId = only(patientIds)
  const refused = (promise: Promise<unknown>, message: string) => expect(promise).rejects.toMatchObject({ message })
  await refused(sign(world, 'secondLook', { patientId }), 'SECOND_LOOK_NOT_DUE')
  await refused(sign(world, 'firstLook', { patientId, answers: { I1: 'yes' } }), 'SCREENING_INCOMPLETE')
  await refused(sign(world, 'firstLook', { patientId, answers: { E9: 'no' } }), 'CRITERION_UNKNOWN')
  await refused(
    sign(world, 'firstLook', { patientId, answers: OPERATED, decision: 'eligible' }),
    'SCREENING_DECISION_DIFFERS',
  )
  await sign(world, 'firstLook', { patientId })
  const stale = { studyCode, patientId, answers: ELIGIBLE, decision: 'eligible', protocolVersion: 1, proof } as const
  const investigator = world.as('investigator').caller
  await refused(investigator.screening.secondLook({ ...stale, seenLookId: null }), 'SCREENING_MOVED')
  const wrong = { ...stale, seenLookId: null, proof: { method: 'pin', pin: '999999' } } as const
  await refused(investigator.screening.secondLook(wrong), 'REAUTHENTICATION_FAILED')
})

test("another study's patient looks absent", async () => {
  const { world } = await aStudyWith(1)
  const other = await aStudyWith(1)
  const patientId = only(other.patientIds)
  const { studyCode } = world
  const { caller } = world.as('coordinator')
  for (const id of [patientId, crypto.randomUUID()]) {
    await expect(caller.screening.show({ studyCode, patientId: id })).rejects.toMatchObject({ message: 'NOT_FOUND' })
    await expect(caller.numbering.show({ studyCode, patientId: id })).rejects.toMatchObject({ message: 'NOT_FOUND' })
  }
})

test('once the split is sealed nothing settled is turned, and a late patient gets a part that nobody is told', async () => {
  const { world, patientIds } = await aStudyWith(12)
  const { studyCode } = world
  const late = patientIds.at(-1) ?? ''
  for (const patientId of patientIds.slice(0, -1)) {
    await sign(world, 'firstLook', { patientId })
    await sign(world, 'secondLook', { patientId })
  }
  const investigator = world.as('investigator').caller
  const { draw } = await investigator.split.preview({ studyCode })
  if (!draw) throw new Error('nobody is eligible')
  const { rosterHash, protocolVersion } = draw
  await investigator.split.seal({ studyCode, rosterHash, protocolVersion, proof })
  const patientId = only(patientIds)
  await expect(sign(world, 'firstLook', { patientId, answers: OPERATED })).rejects.toMatchObject({
    message: 'SCREENING_SETTLED',
  })
  await expect(sign(world, 'secondLook', { patientId, answers: OPERATED })).rejects.toMatchObject({
    message: 'SCREENING_SETTLED',
  })
  expect((await investigator.screening.flow({ studyCode })).totals.split).toBe(11)
  await sign(world, 'firstLook', { patientId: late })
  const answer = await sign(world, 'secondLook', { patientId: late })
  expect(Object.keys(answer).toSorted()).toEqual(['lookId', 'signedAt', 'standing'])
  const flow = await investigator.screening.flow({ studyCode })
  expect(flow.totals.split).toBe(12)
  const byPart = flow.byPart?.split
  expect((byPart?.train ?? 0) + (byPart?.validation ?? 0) + (byPart?.test ?? 0)).toBe(12)
  expect((await world.as('coordinator').caller.screening.flow({ studyCode })).byPart).toBeNull()
})

test('the flow diagram counts what a count by hand finds', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { studyId, studyCode } = world
  const roster = await aRoster(db, world, [
    { part: 'train', modalities: ['ct'] },
    { part: 'test', modalities: ['ct'] },
    { part: 'validation', modalities: ['ct', 'mr'] },
    { part: 'train', modalities: ['ct'] },
  ])
  await gradableExams(db, world, roster)
  await aSeal(db, world)
  const look = (patientId: string, decision: string, codes: string[]) =>
    (['first', 'second'] as const).map((name, index) => ({
      studyId,
      patientId,
      look: name,
      decision,
      criteria: { answers: {}, codes, method: 'pin' },
      protocolVersion: 1,
      signedBy: name,
      signedAt: new Date(Date.now() + 1000 * index),
    }))
  await asSystemIn(db, world, async (wall) => {
    const others = Array.from({ length: 4 }, (_, index) => ({
      id: crypto.randomUUID(),
      studyId,
      patientCode: `PEXCLUDED0${index}`,
      enrolmentNumber: 100 + index,
    }))
    await wall.patient.createMany({ data: others })
    await wall.screening.createMany({
      data: [
        ...roster.flatMap(({ patientId }) => look(patientId, 'eligible', [])),
        ...others.slice(0, 2).flatMap(({ id }) => look(id, 'excluded', ['E1', 'E3'])),
        ...others.slice(2, 3).flatMap(({ id }) => look(id, 'excluded', ['E3'])),
      ],
    })
    await wall.patient.updateMany({ where: { id: roster[3]?.patientId ?? '' }, data: { withdrawnAt: new Date() } })
  })
  // The first patient is read by all four; of the third only CT is; the withdrawn fourth counts in no later box.
  for (const patient of roster.filter((_, index) => index !== 1)) {
    for (const reader of ['J1', 'J2', 'S1', 'S2'] as const)
      await aSignedReading(db, world, { reader, patient, modality: 'ct', answer: () => graded(0) })
  }
  expect(await world.as('statistician').caller.screening.flow({ studyCode })).toMatchObject({
    received: 8,
    waiting: 1,
    screened: 7,
    excluded: 3,
    exclusions: expect.arrayContaining([
      { code: 'E1', patients: 2 },
      { code: 'E2', patients: 0 },
      { code: 'E3', patients: 1 },
    ]),
    eligible: 4,
    withdrawn: 1,
    totals: { split: 4, read: 1, analysed: 0 },
    byPart: {
      split: { train: 2, validation: 1, test: 1 },
      read: { train: 1, validation: 0, test: 0 },
      analysed: { train: 0, validation: 0, test: 0 },
    },
  })
  const monitor = await world.as('monitor').caller.screening.flow({ studyCode })
  expect(monitor.byPart?.split).toEqual({ train: 2, validation: 1, test: 1 })
})

test('a look cannot be changed or removed, whatever runs', async () => {
  const { db } = database()
  const { world, patientIds } = await aStudyWith(1)
  await sign(world, 'firstLook', { patientId: only(patientIds) })
  await expect(
    asPersonIn(db, world, 'investigator', (wall) => wall.$executeRaw`UPDATE "Screening" SET decision = 'excluded'`),
  ).rejects.toThrow('permission denied')
})
