import { gradeWholeCase } from '@facetgrade/testing/assigned-case'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { gradableExams } from '@facetgrade/testing/gradable-exams'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aRoster } from '@facetgrade/testing/signed-readings'
import { aWorld, TEST_PIN } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'

const database = useTestDatabase()

async function aSealedStudy(patients: number, modalities: readonly ('xray' | 'ct' | 'mr')[] = ['ct', 'mr']) {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const roster = await aRoster(
    db,
    world,
    Array.from({ length: patients }, () => ({ part: 'train' as const, modalities })),
  )
  await gradableExams(db, world, roster)
  return { db, world, roster, studyCode: world.studyCode }
}

test('every reader gets every case once, in an order of their own, and calling again changes nothing', async () => {
  const { world, studyCode } = await aSealedStudy(30)
  const created = await world.as('investigator').caller.assignments.create({ studyCode })
  expect(created.added.map(({ readerCode, cases }) => [readerCode, cases])).toEqual([
    ['J1', 60],
    ['J2', 60],
    ['S1', 60],
    ['S2', 60],
  ])
  expect(created.added[0]?.casesBetweenSamePatient).toMatchObject({ wanted: 20 })
  const again = await world.as('investigator').caller.assignments.create({ studyCode })
  expect(again.added).toEqual([])
  const mine = await world.as('J1').caller.assignments.mine({ studyCode, limit: 200 })
  const other = await world.as('J2').caller.assignments.mine({ studyCode, limit: 200 })
  expect(mine.rows.map(({ position }) => position)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
  expect(mine.rows.map(({ modality }) => modality)).not.toEqual(other.rows.map(({ modality }) => modality))
})

test('a reader sees position and modality of their own cases, no patient code and no exam id', async () => {
  const { world, roster, studyCode } = await aSealedStudy(3)
  await world.as('investigator').caller.assignments.create({ studyCode })
  const text = JSON.stringify(await world.as('S1').caller.assignments.mine({ studyCode }))
  for (const { patientCode, patientId, exams } of roster) {
    for (const secret of [patientCode, patientId, ...Object.values(exams)]) expect(text).not.toContain(secret)
  }
})

test('patients who come later are appended after the last position, and nothing that stands moves', async () => {
  const { db, world, studyCode } = await aSealedStudy(4, ['ct'])
  const investigator = world.as('investigator').caller
  await investigator.assignments.create({ studyCode })
  const before = await world.as('J1').caller.assignments.mine({ studyCode })
  const late = await aRoster(db, world, [{ part: 'test', modalities: ['ct'] }])
  await gradableExams(db, world, late)
  expect((await investigator.assignments.create({ studyCode })).added.map(({ cases }) => cases)).toEqual([1, 1, 1, 1])
  const after = await world.as('J1').caller.assignments.mine({ studyCode })
  expect(after.rows.slice(0, 4)).toEqual(before.rows)
  expect(after.rows[4]?.position).toBe(5)
})

test('without a sealed split nothing is handed out', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  await expect(
    world.as('investigator').caller.assignments.create({ studyCode: world.studyCode }),
  ).rejects.toMatchObject({ message: 'SPLIT_NOT_SEALED' })
})

test('an X-ray exam is handed out only when a side was confirmed', async () => {
  const { world, studyCode } = await aSealedStudy(1, ['xray'])
  const investigator = world.as('investigator').caller
  expect(await investigator.assignments.create({ studyCode })).toMatchObject({ added: [], withoutCompleteExam: 1 })
  const coordinator = world.as('coordinator').caller
  const { rows, counts } = await coordinator.xraySides.list({ studyCode })
  expect(counts).toEqual({ images: 1, open: 1 })
  expect(rows[0]?.proposal).toMatchObject({ view: 'ap', patientRight: 'left-edge' })
  const instanceId = rows[0]?.instanceId ?? ''
  const side = { view: 'ap', patientRight: 'right-edge', shownJoints: null } as const
  await coordinator.xraySides.confirm({ studyCode, instanceId, side })
  expect((await investigator.assignments.create({ studyCode })).added).toHaveLength(4)
  const reader = world.as('J1').caller
  const [first] = (await reader.assignments.mine({ studyCode })).rows
  const shown = await reader.cases.show({ studyCode, assignmentId: first?.assignmentId ?? '' })
  expect(shown.stacks[0]).toMatchObject({ view: 'ap', turn: { flipHorizontal: true }, leftEdge: 'right' })
})

test('a successor takes over what was open; what the reader who left had signed stays and counts', async () => {
  const { db, world, studyCode } = await aSealedStudy(3, ['ct'])
  const investigator = world.as('investigator').caller
  await investigator.assignments.create({ studyCode })
  const [first] = (await world.as('J1').caller.assignments.mine({ studyCode })).rows
  const assignmentId = first?.assignmentId ?? ''
  const reader = world.as('J1').caller
  const head = await gradeWholeCase(reader, { studyCode, assignmentId })
  const proof = { method: 'pin', pin: TEST_PIN } as const
  await reader.readings.sign({ studyCode, assignmentId, head, language: 'en', proof })
  await asSystemIn(db, world, async (wall) => {
    await wall.member.update({ where: { id: world.as('J1').memberId }, data: { endedAt: new Date() } })
    const user = await wall.user.create({
      data: { id: crypto.randomUUID(), name: 'N', email: `${crypto.randomUUID()}@e.test` },
    })
    await wall.member.create({
      data: {
        studyId: world.studyId,
        userId: user.id,
        role: 'reader',
        readerGroup: 'junior',
        readerCode: 'J3',
        createdBy: user.id,
      },
    })
  })
  const created = await investigator.assignments.create({ studyCode })
  expect(created.added.map(({ readerCode, cases }) => [readerCode, cases])).toEqual([['J3', 2]])
  const { readers } = await investigator.assignments.progress({ studyCode })
  expect(readers.find(({ readerCode }) => readerCode === 'J1')).toMatchObject({ isActive: false, signed: 1 })
})

test('a returned case loses its answers, waits, and comes back under the latest numbering', async () => {
  const { db, world, roster, studyCode } = await aSealedStudy(1, ['ct'])
  await world.as('investigator').caller.assignments.create({ studyCode })
  const reader = world.as('S2').caller
  const [first] = (await reader.assignments.mine({ studyCode })).rows
  const assignmentId = first?.assignmentId ?? ''
  const { levels } = await reader.cases.open({ studyCode, assignmentId })
  expect(levels).toHaveLength(5)
  const cell = { level: 'L5S1', side: 'left', feature: 'cyst' } as const
  const event = {
    id: crypto.randomUUID(),
    cell,
    value: { kind: 'graded', grade: 1 },
    how: 'entered',
    clientOffsetMs: 1,
  } as const
  await reader.readings.append({ studyCode, assignmentId, knownSequence: 0, events: [event] })
  expect(await reader.assignments.return({ studyCode, assignmentId, reason: 'numbering', note: 'six lumbar' })).toEqual(
    {
      emptied: 1,
    },
  )
  await expect(reader.cases.open({ studyCode, assignmentId })).rejects.toMatchObject({ message: 'CASE_RETURNED' })
  const office = world.as('coordinator').caller
  expect((await office.assignments.returned({ studyCode })).rows).toMatchObject([
    { readerCode: 'S2', reason: 'numbering' },
  ])
  await asSystemIn(db, world, (wall) =>
    wall.levelNumbering.create({
      data: {
        studyId: world.studyId,
        patientId: roster[0]?.patientId ?? '',
        version: 2,
        document: { lumbarVertebrae: 'six', isTransitional: true, confirmedOn: 'sagittal' },
        confirmedBy: 'test',
      },
    }),
  )
  await office.assignments.reissue({ studyCode, assignmentId, note: 'six it is' })
  const opened = await reader.cases.open({ studyCode, assignmentId })
  expect(opened.levels).toEqual(['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5L6', 'L6S1'])
  expect(await reader.readings.show({ studyCode, assignmentId })).toMatchObject({ answered: 0, required: 60 })
})
