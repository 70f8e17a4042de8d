import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import {
  answering,
  aRoster,
  aSignedReading,
  graded,
  notAssessable,
  type ReaderName,
} from '@facetgrade/testing/signed-readings'
import { aWorld, TEST_PIN, type World } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { supersedeConsensus } from '../consensus/supersede-consensus.ts'

const database = useTestDatabase()
const proof = { method: 'pin' as const, pin: TEST_PIN }

/** Seniors who differ in two cells of one CT. */
async function aRoom() {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { studyCode } = world
  const [patient] = await aRoster(db, world, [{ part: 'test', modalities: ['ct', 'mr'] }])
  if (!patient) throw new Error('no patient')
  const first = await aSignedReading(db, world, {
    reader: 'S1',
    patient,
    modality: 'ct',
    answer: answering({ 'L4L5-left/cyst': graded(2), 'L1L2-right/narrowing': notAssessable }),
  })
  const second = await aSignedReading(db, world, { reader: 'S2', patient, modality: 'ct', answer: answering({}) })
  const caller = (name: ReaderName) => world.as(name).caller.adjudication
  const { rows } = await caller('S1').rooms({ studyCode })
  const roomId = rows[0]?.roomId ?? ''
  const open = (name: ReaderName) => caller(name).open({ studyCode, roomId })
  const decide = async (name: ReaderName, values = [graded(1), graded(0)]) => {
    const { items } = await open(name)
    for (const [index, { itemId }] of items.entries()) {
      const value = values[index]
      if (!value) continue
      await caller(name).decide({ studyCode, itemId, decisionId: crypto.randomUUID(), value })
    }
  }
  const confirm = async (name: ReaderName) => {
    const { decisionsHash } = await open(name)
    return caller(name).confirm({ studyCode, roomId, decisionsHash, proof })
  }
  return { db, world, studyCode, patient, first, second, rows, roomId, caller, open, decide, confirm }
}

const cellsOf = (db: Parameters<typeof asSystemIn>[0], world: World) =>
  asSystemIn(db, world, (wall) => wall.consensusCell.findMany({ where: { origin: 'adjudicated' } }))

test('the pair finds its room under its own assignment; values bear no names and nothing names the patient', async () => {
  const { rows, open, first, second, patient, world } = await aRoom()
  expect(rows).toMatchObject([{ state: 'open', items: 2, decided: 0, assignmentId: first.assignmentId, position: 1 }])
  const [mine, theirs] = [await open('S1'), await open('S2')]
  expect(mine.assignmentId).toBe(first.assignmentId)
  expect(theirs.assignmentId).toBe(second.assignmentId)
  expect(mine.items).toEqual(theirs.items)
  expect(mine.items[0]?.values).toEqual(expect.arrayContaining([graded(0), notAssessable]))
  const text = JSON.stringify(mine)
  for (const secret of [patient.patientId, patient.patientCode, 'S1', 'S2', world.as('S2').memberId]) {
    expect(text).not.toContain(secret)
  }
})

test('for the other group, other roles and a room that does not exist the room is absent', async () => {
  const { world, studyCode, roomId, caller, open } = await aRoom()
  const { items } = await open('S1')
  const itemId = items[0]?.itemId ?? ''
  const absent = { code: 'NOT_FOUND', message: 'NOT_FOUND' }
  expect((await caller('J1').rooms({ studyCode })).rows).toEqual([])
  await expect(caller('J1').open({ studyCode, roomId })).rejects.toMatchObject(absent)
  await expect(caller('S1').open({ studyCode, roomId: crypto.randomUUID() })).rejects.toMatchObject(absent)
  const decision = { studyCode, decisionId: crypto.randomUUID(), value: graded(1) }
  await expect(caller('J1').decide({ ...decision, itemId })).rejects.toMatchObject(absent)
  await expect(caller('S1').decide({ ...decision, itemId: crypto.randomUUID() })).rejects.toMatchObject(absent)
  const confirmation = { studyCode, roomId, decisionsHash: '0'.repeat(64), proof }
  await expect(caller('J2').confirm(confirmation)).rejects.toMatchObject(absent)
  await expect(world.stranger.adjudication.open({ studyCode, roomId })).rejects.toMatchObject(absent)
  await expect(world.as('investigator').caller.adjudication.open({ studyCode, roomId })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
})

test('both confirm the same decisions: the cells become consensus and the room closes', async () => {
  const { db, world, studyCode, roomId, caller, decide, confirm, open } = await aRoom()
  await decide('S1')
  expect(await confirm('S1')).toEqual({ state: 'open' })
  expect(await cellsOf(db, world)).toEqual([])
  expect((await open('S2')).confirmations).toEqual({ mine: 'none', others: ['confirmed'] })
  expect(await confirm('S2')).toEqual({ state: 'confirmed' })
  const cells = await cellsOf(db, world)
  expect(cells.map(({ level, side, feature, value }) => [level, side, feature, value])).toEqual(
    expect.arrayContaining([
      ['L1L2', 'right', 'narrowing', graded(1)],
      ['L4L5', 'left', 'cyst', graded(0)],
    ]),
  )
  const consensus = await asSystemIn(db, world, (wall) => wall.consensus.findFirstOrThrow())
  expect(consensus.completedAt).toBeInstanceOf(Date)
  expect((await open('S1')).state).toBe('confirmed')
  await expect(
    caller('S1').decide({
      studyCode,
      itemId: (await open('S1')).items[0]?.itemId ?? '',
      decisionId: crypto.randomUUID(),
      value: graded(3),
    }),
  ).rejects.toMatchObject({ message: 'ADJUDICATION_CLOSED' })
  const { decisionsHash } = await open('S1')
  await expect(caller('S1').confirm({ studyCode, roomId, decisionsHash, proof })).rejects.toMatchObject({
    message: 'ADJUDICATION_CLOSED',
  })
})

test('several cells are decided at once, all or none, and a repeated request changes nothing', async () => {
  const { studyCode, roomId, caller, open } = await aRoom()
  const { items } = await open('S1')
  const decisions = items.map(({ itemId }) => ({ itemId, decisionId: crypto.randomUUID(), value: graded(1) }))
  const spoiled = decisions.map((decision, index) => (index === 0 ? decision : { ...decision, value: graded(9) }))
  await expect(caller('S1').decideAll({ studyCode, roomId, decisions: spoiled })).rejects.toMatchObject({
    message: 'GRADE_OFF_SCALE',
  })
  expect((await open('S1')).items.filter(({ decision }) => decision !== null)).toEqual([])
  const foreign = [{ ...decisions[0], itemId: crypto.randomUUID(), decisionId: crypto.randomUUID(), value: graded(1) }]
  await expect(caller('S1').decideAll({ studyCode, roomId, decisions: foreign })).rejects.toMatchObject({
    message: 'NOT_FOUND',
  })
  await caller('S1').decideAll({ studyCode, roomId, decisions })
  await caller('S1').decideAll({ studyCode, roomId, decisions })
  expect((await open('S2')).items.map(({ decision }) => decision?.value)).toEqual(items.map(() => graded(1)))
})

test('a decision after one confirmed voids that confirmation, even one back to the same value', async () => {
  const { decide, confirm, open } = await aRoom()
  await decide('S1')
  await confirm('S1')
  await decide('S2')
  expect((await open('S1')).confirmations).toEqual({ mine: 'changed', others: ['none'] })
  expect(await confirm('S2')).toEqual({ state: 'open' })
  expect((await open('S1')).confirmations).toEqual({ mine: 'changed', others: ['confirmed'] })
  expect(await confirm('S1')).toEqual({ state: 'confirmed' })
})

test('what was not seen is not confirmed, nor with a cell open, nor without a proof', async () => {
  const { studyCode, roomId, caller, decide, open } = await aRoom()
  const { decisionsHash: empty } = await open('S1')
  await expect(caller('S1').confirm({ studyCode, roomId, decisionsHash: empty, proof })).rejects.toMatchObject({
    message: 'ADJUDICATION_INCOMPLETE',
  })
  await decide('S1')
  await expect(caller('S1').confirm({ studyCode, roomId, decisionsHash: empty, proof })).rejects.toMatchObject({
    message: 'DECISIONS_CHANGED',
  })
  const { decisionsHash } = await open('S1')
  const wrong = { method: 'pin' as const, pin: '000000' }
  await expect(caller('S1').confirm({ studyCode, roomId, decisionsHash, proof: wrong })).rejects.toMatchObject({
    message: 'REAUTHENTICATION_FAILED',
  })
})

test('a repeated request is the same decision; the same id for another one is refused', async () => {
  const { db, world, studyCode, caller, open } = await aRoom()
  const itemId = (await open('S1')).items[0]?.itemId ?? ''
  const decision = { studyCode, itemId, decisionId: crypto.randomUUID(), value: graded(1), note: 'anterior recess' }
  await caller('S1').decide(decision)
  await caller('S1').decide(decision)
  await expect(caller('S1').decide({ ...decision, value: graded(2) })).rejects.toMatchObject({
    message: 'DECISION_ID_TAKEN',
  })
  expect(await asSystemIn(db, world, (wall) => wall.adjudicationDecision.count())).toBe(1)
})

test('both decide and both confirm at the same moment: each decision has its own place and the room closes once', async () => {
  const { db, world, decide, confirm } = await aRoom()
  await Promise.all([decide('S1', [graded(1), graded(1)]), decide('S2', [graded(2), graded(2)])])
  const states = (await Promise.all([confirm('S1'), confirm('S2')])).map(({ state }) => state)
  expect(states.toSorted()).toEqual(['confirmed', 'open'])
  expect(await cellsOf(db, world)).toHaveLength(2)
})

test('a grade off the scale is refused', async () => {
  const { studyCode, caller, open } = await aRoom()
  const itemId = (await open('S1')).items[0]?.itemId ?? ''
  await expect(
    caller('S1').decide({ studyCode, itemId, decisionId: crypto.randomUUID(), value: graded(4) }),
  ).rejects.toMatchObject({ message: 'GRADE_OFF_SCALE' })
})

test('an unlock after the first look voids the room and says in the trail that the blinding of the case had ended', async () => {
  const { db, world, second, open, caller, studyCode } = await aRoom()
  await open('S1')
  await asSystemIn(db, world, async (wall, stores) => {
    const { id } = await wall.signature.findFirstOrThrow({ where: { readingId: second.readingId } })
    await wall.unlock.create({
      data: {
        studyId: world.studyId,
        readingId: second.readingId,
        signatureId: id,
        reason: 'wrong side',
        unlockedBy: 'u',
      },
    })
    expect(await supersedeConsensus(stores, second.readingId)).toMatchObject({ adjudicationHadOpened: true })
  })
  expect(await open('S2')).toMatchObject({ state: 'voided', items: [] })
  expect((await caller('S1').rooms({ studyCode })).rows).toMatchObject([{ state: 'voided' }])
})

test('the trail of an adjudication tells no grade', async () => {
  const { db, world, decide, confirm } = await aRoom()
  await decide('S1')
  await confirm('S1')
  await confirm('S2')
  const rows = await asSystemIn(db, world, (wall) =>
    wall.auditEntry.findMany({ where: { action: { startsWith: 'adjudication.' } } }),
  )
  expect(rows.map((row) => row.action)).toEqual([
    'adjudication.opened',
    'adjudication.decided',
    'adjudication.decided',
    'adjudication.confirmed',
    'adjudication.confirmed',
  ])
  expect(JSON.stringify(rows.map((row) => row.new))).not.toContain('grade"')
})

test("the wall: nobody decides or confirms in the other's name", async () => {
  const { db, world, open, roomId } = await aRoom()
  const itemId = (await open('S1')).items[0]?.itemId ?? ''
  const other = world.as('S2').memberId
  const { studyId } = world
  await expect(
    asPersonIn(db, world, 'S1', (wall) =>
      wall.adjudicationDecision.create({
        data: { id: crypto.randomUUID(), itemId, studyId, sequence: 1, value: graded(1), decidedBy: other },
      }),
    ),
  ).rejects.toThrow(/row-level security/)
  await expect(
    asPersonIn(db, world, 'S1', (wall) =>
      wall.adjudicationConfirmation.create({
        data: { roomId, studyId, memberId: other, decisionsHash: 'h', method: 'pin' },
      }),
    ),
  ).rejects.toThrow(/row-level security/)
})
