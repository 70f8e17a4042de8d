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
import { aWorld } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { computeConsensus } from './compute-consensus.ts'
import { supersedeConsensus } from './supersede-consensus.ts'

const database = useTestDatabase()

async function aCase() {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const [patient] = await aRoster(db, world, [{ part: 'train', modalities: ['ct'] }])
  if (!patient) throw new Error('no patient')
  const sign = (reader: ReaderName, answers: Parameters<typeof answering>[0] = {}) =>
    aSignedReading(db, world, { reader, patient, modality: 'ct', answer: answering(answers) })
  return { db, world, patient, sign }
}

test('one signature waits; the second settles every cell on which the two agree', async () => {
  const { db, world, sign } = await aCase()
  expect((await sign('J1')).computed).toEqual({ kind: 'waiting' })
  const { computed } = await sign('J2')
  expect(computed).toMatchObject({ kind: 'settled' })
  const { cells, consensus } = await asSystemIn(db, world, async (wall) => ({
    cells: await wall.consensusCell.findMany(),
    consensus: await wall.consensus.findFirstOrThrow(),
  }))
  expect(cells).toHaveLength(50)
  expect(new Set(cells.map((cell) => cell.origin))).toEqual(new Set(['agreed']))
  expect(consensus).toMatchObject({ readerGroup: 'junior', version: 1, supersededAt: null })
  expect(consensus.completedAt).toBeInstanceOf(Date)
})

test('the readers of the other group do not count', async () => {
  const { sign } = await aCase()
  await sign('J1')
  expect((await sign('S1')).computed).toEqual({ kind: 'waiting' })
})

test('discordant cells, and only they, go to the room of the pair, each with both values', async () => {
  const { db, world, sign } = await aCase()
  await sign('J1', { 'L4L5-left/cyst': graded(2), 'L1L2-right/narrowing': notAssessable })
  const { computed } = await sign('J2', { 'L4L5-left/cyst': graded(1) })
  expect(computed).toMatchObject({ kind: 'adjudication', discordant: 2 })
  const { items, cells, consensus } = await asSystemIn(db, world, async (wall) => ({
    items: await wall.adjudicationItem.findMany({ orderBy: { feature: 'asc' } }),
    cells: await wall.consensusCell.count(),
    consensus: await wall.consensus.findFirstOrThrow(),
  }))
  expect(cells).toBe(48)
  expect(consensus.completedAt).toBeNull()
  expect(items.map(({ level, side, feature }) => `${level}-${side}/${feature}`)).toEqual([
    'L4L5-left/cyst',
    'L1L2-right/narrowing',
  ])
  expect(items[0]?.values).toEqual(expect.arrayContaining([graded(1), graded(2)]))
  expect(items[1]?.values).toEqual(expect.arrayContaining([graded(0), notAssessable]))
})

test('the order of the two values differs from cell to cell, so that A is nobody', async () => {
  const { db, world, patient } = await aCase()
  await aSignedReading(db, world, { reader: 'J1', patient, modality: 'ct', answer: () => graded(1) })
  await aSignedReading(db, world, { reader: 'J2', patient, modality: 'ct', answer: () => graded(2) })
  const items = await asSystemIn(db, world, (wall) => wall.adjudicationItem.findMany())
  expect(items).toHaveLength(50)
  const firsts = items.map((item) => JSON.stringify((item.values as unknown[])[0]))
  // Fifty fair coins all on one side: 2 in 10^15.
  expect(new Set(firsts).size).toBe(2)
})

test('both sign at the same moment: one consensus', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patients = await aRoster(
    db,
    world,
    Array.from({ length: 6 }, () => ({ part: 'train' as const, modalities: ['ct' as const] })),
  )
  for (const patient of patients) {
    const both = await Promise.all(
      (['S1', 'S2'] as const).map((reader) =>
        aSignedReading(db, world, { reader, patient, modality: 'ct', answer: answering({}) }),
      ),
    )
    expect(both.map(({ computed }) => computed.kind).toSorted()).toEqual(['settled', 'waiting'])
  }
  expect(await asSystemIn(db, world, (wall) => wall.consensus.count())).toBe(6)
})

test('a second call with the same signatures finds the consensus that stands', async () => {
  const { db, world, sign } = await aCase()
  await sign('J1')
  const { readingId, computed } = await sign('J2')
  const again = await asSystemIn(db, world, (_wall, stores) => computeConsensus(stores, readingId))
  expect(again).toEqual({ kind: 'standing', consensusId: 'consensusId' in computed ? computed.consensusId : '' })
})

test('after an unlock the version is out of force and the next signature makes the next version', async () => {
  const { db, world, sign } = await aCase()
  await sign('J1', { 'L4L5-left/cyst': graded(2) })
  const { readingId } = await sign('J2')
  const superseded = await asSystemIn(db, world, async (wall, stores) => {
    const signature = await wall.signature.findFirstOrThrow({ where: { readingId } })
    await wall.unlock.create({
      data: {
        studyId: world.studyId,
        readingId,
        signatureId: signature.id,
        reason: 'wrong patient side',
        unlockedBy: 'u',
      },
    })
    return supersedeConsensus(stores, readingId)
  })
  expect(superseded).toMatchObject({ kind: 'superseded', adjudicationHadOpened: false })
  const room = await asSystemIn(db, world, (wall) => wall.adjudicationRoom.findFirstOrThrow())
  expect(room.closedAt).toBeInstanceOf(Date)
  expect(await asSystemIn(db, world, (_wall, stores) => computeConsensus(stores, readingId))).toEqual({
    kind: 'waiting',
  })
  await asPersonIn(db, world, 'J2', async (wall, _stores, asSystem) => {
    await wall.signature.create({
      data: {
        studyId: world.studyId,
        readingId,
        memberId: world.as('J2').memberId,
        ordinal: 2,
        method: 'pin',
        statement: 's',
        headHash: 'h',
      },
    })
    expect(await asSystem((stores) => computeConsensus(stores, readingId))).toMatchObject({
      kind: 'adjudication',
    })
  })
  const versions = await asSystemIn(db, world, (wall) => wall.consensus.findMany({ orderBy: { version: 'asc' } }))
  expect(versions.map((row) => [row.version, row.supersededAt === null])).toEqual([
    [1, false],
    [2, true],
  ])
})

test('the wall: of the other reader nothing can be selected but the items of the shared room', async () => {
  const { db, world, sign } = await aCase()
  await sign('J1', { 'L4L5-left/cyst': graded(2) })
  await sign('J2')
  const seen = await asPersonIn(db, world, 'J1', async (wall) => ({
    events: new Set((await wall.gradeEvent.findMany()).map((event) => event.memberId)),
    consensus: await wall.consensus.count(),
    cells: await wall.consensusCell.count(),
    signatures: new Set((await wall.signature.findMany()).map((row) => row.memberId)),
    items: await wall.adjudicationItem.count(),
  }))
  const own = new Set([world.as('J1').memberId])
  expect(seen).toEqual({ events: own, consensus: 0, cells: 0, signatures: own, items: 1 })
  const foreign = await asPersonIn(db, world, 'S1', async (wall) => [
    await wall.adjudicationRoom.count(),
    await wall.adjudicationItem.count(),
  ])
  expect(foreign).toEqual([0, 0])
})

test('the wall: a reader inserts no item into their own room', async () => {
  const { db, world, sign } = await aCase()
  await sign('J1', { 'L4L5-left/cyst': graded(2) })
  await sign('J2')
  const insert = asPersonIn(db, world, 'J1', async (wall) => {
    const room = await wall.adjudicationRoom.findFirstOrThrow()
    await wall.adjudicationItem.create({
      data: { roomId: room.id, studyId: world.studyId, level: 'L1L2', side: 'left', feature: 'cyst', values: [] },
    })
  })
  await expect(insert).rejects.toThrow(/row-level security/)
})
