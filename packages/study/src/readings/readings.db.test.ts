import { anAssignedStudy, gradeWholeCase } from '@facetgrade/testing/assigned-case'
import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { shippedProtocol, TEST_PIN } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'

const database = useTestDatabase()

const proof = { method: 'pin', pin: TEST_PIN } as const
const cell = { level: 'L4L5', side: 'left', feature: 'narrowing' } as const
const anEvent = (grade: number, offset = 1) =>
  ({ id: crypto.randomUUID(), cell, value: { kind: 'graded', grade }, how: 'entered', clientOffsetMs: offset }) as const

async function anOpenCase() {
  const { db, boss, owner } = database()
  const study = await anAssignedStudy(db, boss)
  const { world, studyCode } = study
  const reader = world.as('J1').caller
  const assignmentId = await study.assignmentOf('J1')
  await reader.cases.open({ studyCode, assignmentId })
  const at = { studyCode, assignmentId }
  const append = (knownSequence: number, ...events: ReturnType<typeof anEvent>[]) =>
    reader.readings.append({ ...at, knownSequence, events })
  return { ...study, db, owner, reader, at, append }
}

test('an event is appended once: sent again it gets the same acknowledgement, with other content it is refused', async () => {
  const { append, reader, at } = await anOpenCase()
  const event = anEvent(2)
  const first = await append(0, event)
  expect(first).toMatchObject({ answered: 1, required: 50, head: { sequence: 1 } })
  const second = await append(0, event)
  expect(second.acknowledged).toEqual(first.acknowledged)
  await expect(append(1, { ...event, value: { kind: 'graded', grade: 3 } })).rejects.toMatchObject({
    message: 'EVENT_ID_REUSED',
  })
  const { events } = await reader.readings.show(at)
  expect(events).toHaveLength(1)
})

test('the same batch sent ten times at once leaves one event and ten equal acknowledgements', async () => {
  const { append, reader, at } = await anOpenCase()
  const event = anEvent(1)
  const answers = await Promise.all(Array.from({ length: 10 }, () => append(0, event)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer.acknowledged))).size).toBe(1)
  expect((await reader.readings.show(at)).events).toHaveLength(1)
})

test('a batch that lost its acknowledgement goes on from where it was; events of another tab stop it', async () => {
  const { append } = await anOpenCase()
  const [lost, next, other] = [anEvent(0, 1), anEvent(1, 2), anEvent(2, 3)]
  await append(0, lost)
  expect((await append(0, lost, next)).head.sequence).toBe(2)
  await expect(append(1, other)).rejects.toMatchObject({ message: 'READING_MOVED' })
})

test('a grade beyond the scale, a cell that is not asked and a copy where none is allowed are refused', async () => {
  const { append, reader, at } = await anOpenCase()
  await expect(append(0, anEvent(4))).rejects.toMatchObject({ message: 'GRADE_OFF_SCALE' })
  const events = [{ ...anEvent(1), cell: { ...cell, level: 'L5L6' } } as const]
  await expect(reader.readings.append({ ...at, knownSequence: 0, events })).rejects.toMatchObject({
    message: 'CELL_NOT_ASKED',
  })
  const copied = [{ ...anEvent(1), how: 'copied' } as const]
  await expect(reader.readings.append({ ...at, knownSequence: 0, events: copied })).rejects.toMatchObject({
    message: 'COPY_NOT_ALLOWED',
  })
})

test('not assessable keeps its reason, an undo is a new event, and progress follows the cells', async () => {
  const { reader, at } = await anOpenCase()
  const value = { kind: 'not_assessable', reason: { code: 'other', text: 'screws' } } as const
  const event = { ...anEvent(0), value }
  await reader.readings.append({ ...at, knownSequence: 0, events: [event] })
  const undo = { ...anEvent(0, 9), value: { kind: 'not_graded' }, how: 'undone' } as const
  expect(await reader.readings.append({ ...at, knownSequence: 1, events: [undo] })).toMatchObject({ answered: 0 })
  const shown = await reader.readings.show(at)
  expect(shown.events.map(({ value: stored }) => stored)).toEqual([value, { kind: 'not_graded' }])
  expect(shown.cells.find((row) => row.cell.feature === 'narrowing')?.value).toEqual({ kind: 'not_graded' })
})

test("another reader's reading looks absent in every procedure, and an event id of theirs is refused", async () => {
  const { world, at, append } = await anOpenCase()
  const event = anEvent(1)
  await append(0, event)
  const stranger = world.as('J2').caller
  const absent = { ...at, assignmentId: crypto.randomUUID() }
  for (const where of [at, absent]) {
    await expect(stranger.readings.show(where)).rejects.toMatchObject({ message: 'NOT_FOUND' })
    await expect(stranger.cases.open(where)).rejects.toMatchObject({ message: 'NOT_FOUND' })
    await expect(stranger.cases.show(where)).rejects.toMatchObject({ message: 'NOT_FOUND' })
    await expect(stranger.assignments.return({ ...where, reason: 'numbering' })).rejects.toMatchObject({
      message: 'NOT_FOUND',
    })
    await expect(stranger.readings.append({ ...where, knownSequence: 0, events: [anEvent(1)] })).rejects.toMatchObject({
      message: 'NOT_FOUND',
    })
    const head = { sequence: 1, hash: 'a'.repeat(64) }
    await expect(stranger.readings.sign({ ...where, head, language: 'en', proof })).rejects.toMatchObject({
      message: 'NOT_FOUND',
    })
  }
})

test('signing needs every cell, the head that stands and the proof; afterwards nothing is appended', async () => {
  const { reader, at, append, assignmentOf, world } = await anOpenCase()
  const partial = await append(0, anEvent(1))
  const sign = (head: { sequence: number; hash: string }, pin = TEST_PIN) =>
    reader.readings.sign({ ...at, head, language: 'zh', proof: { method: 'pin', pin } })
  await expect(sign(partial.head)).rejects.toMatchObject({ message: 'CELLS_OPEN' })
  const head = await gradeWholeCase(reader, at)
  await expect(sign(head, '000000')).rejects.toMatchObject({ message: 'REAUTHENTICATION_FAILED' })
  await expect(sign(partial.head)).rejects.toMatchObject({ message: 'READING_MOVED' })
  expect(await sign(head)).toMatchObject({ method: 'pin' })
  await expect(sign(head)).rejects.toMatchObject({ message: 'READING_SIGNED' })
  await expect(append(head.sequence, anEvent(2))).rejects.toMatchObject({ message: 'READING_SIGNED' })
  expect(await assignmentOf('J1')).toBe(at.assignmentId)
  expect((await world.as('J1').caller.assignments.mine({ studyCode: at.studyCode })).rows[0]).toMatchObject({
    state: 'signed',
    answered: 50,
  })
})

test('the second signature of a group makes the consensus; an unlock takes the signature and the consensus back', async () => {
  const { db, world, at, reader, assignmentOf } = await anOpenCase()
  const { studyCode } = at
  const signAs = async (name: 'J1' | 'J2', grade: number) => {
    const assignmentId = await assignmentOf(name)
    const caller = world.as(name).caller
    const head = await gradeWholeCase(caller, { studyCode, assignmentId, grade })
    await caller.readings.sign({ studyCode, assignmentId, head, language: 'en', proof })
  }
  await signAs('J1', 1)
  await signAs('J2', 1)
  const consensus = () => asSystemIn(db, world, (wall) => wall.consensus.findMany({ orderBy: { version: 'asc' } }))
  expect(await consensus()).toMatchObject([{ version: 1, supersededAt: null }])
  const investigator = world.as('investigator').caller
  const { rows } = await investigator.readings.list({ studyCode, signed: true })
  const mine = rows.find(({ readerCode }) => readerCode === 'J1')
  await investigator.readings.unlock({ studyCode, readingId: mine?.readingId ?? '', reason: 'wrong side noticed' })
  expect((await consensus())[0]?.supersededAt).not.toBeNull()
  expect(await reader.readings.show(at)).toMatchObject({ state: 'draft', answered: 50 })
  await signAs('J1', 1)
  expect(await consensus()).toHaveLength(2)
  const audited = await asSystemIn(db, world, (wall) =>
    wall.auditEntry.findMany({ where: { action: 'reading.unlocked' } }),
  )
  expect(audited).toMatchObject([{ why: 'wrong side noticed', role: 'investigator' }])
})

test('no row policy lets a reader select the events of another, and none can be changed by the application', async () => {
  const { db, world, append } = await anOpenCase()
  await append(0, anEvent(1))
  expect(await asPersonIn(db, world, 'J2', (wall) => wall.gradeEvent.count())).toBe(0)
  expect(await asPersonIn(db, world, 'investigator', (wall) => wall.gradeEvent.count())).toBe(1)
  await expect(
    asPersonIn(db, world, 'J1', (wall) => wall.gradeEvent.updateMany({ data: { level: 'L1L2' } })),
  ).rejects.toThrow(/permission denied|42501/)
})

test("verification names the event that the database's owner altered, the tail that was cut, the head that was forged", async () => {
  const { owner, world, at, append, reader } = await anOpenCase()
  await append(0, anEvent(0, 1), anEvent(1, 2), anEvent(2, 3))
  const monitor = world.as('monitor').caller
  const { studyCode } = at
  expect(await monitor.readings.checkpoint({ studyCode })).toMatchObject({ readings: 1 })
  expect(await monitor.readings.verifyChains({ studyCode })).toMatchObject({
    readings: 1,
    events: 3,
    checkpoints: 1,
    faults: [],
  })
  const tamper = async (sql: string) => {
    const tables = ['GradeEvent', 'Reading']
    const walls = (how: string) => tables.map((table) => `ALTER TABLE "${table}" ${how}`).join('; ')
    const down = `${walls('DISABLE TRIGGER USER')}; ${walls('NO FORCE ROW LEVEL SECURITY')}`
    const up = `${walls('ENABLE TRIGGER USER')}; ${walls('FORCE ROW LEVEL SECURITY')}`
    const statement = sql.replaceAll('$1', `'${world.studyId}'`)
    await owner.query(`BEGIN; ${down}; ${statement}; ${up}; COMMIT`)
  }
  await tamper(`UPDATE "GradeEvent" SET value = '{"kind":"graded","grade":3}' WHERE "studyId" = $1 AND sequence = 2`)
  const { faults } = await monitor.readings.verifyChains({ studyCode })
  expect(faults).toMatchObject([{ readerCode: 'J1', sequence: 2, reason: 'hash' }])
  await tamper(`UPDATE "GradeEvent" SET value = '{"kind":"graded","grade":1}' WHERE "studyId" = $1 AND sequence = 2`)
  expect((await monitor.readings.verifyChains({ studyCode })).faults).toEqual([])
  await tamper(`DELETE FROM "GradeEvent" WHERE "studyId" = $1 AND sequence = 3`)
  expect((await monitor.readings.verifyChains({ studyCode })).faults).toMatchObject([{ reason: 'head' }])
  await tamper(`UPDATE "Reading" r SET "headSequence" = 2, "headHash" = (SELECT hash FROM "GradeEvent" e
    WHERE e."readingId" = r.id AND e.sequence = 2) WHERE r."studyId" = $1`)
  expect((await monitor.readings.verifyChains({ studyCode })).faults).toMatchObject([
    { sequence: 3, reason: 'checkpoint' },
  ])
  expect((await reader.readings.show(at)).events).toHaveLength(2)
})

test('a protocol that wants days between the cases of one patient keeps the second one closed until then', async () => {
  const { db, boss } = database()
  const protocol = shippedProtocol()
  const study = await anAssignedStudy(db, boss, {
    modalities: ['ct', 'mr'],
    protocol: { ...protocol, spacing: { ...protocol.spacing, daysBetweenSamePatient: 14 } },
  })
  const { world, studyCode } = study
  const reader = world.as('S1').caller
  const [first, second] = [await study.assignmentOf('S1', 0), await study.assignmentOf('S1', 1)]
  const head = await gradeWholeCase(reader, { studyCode, assignmentId: first })
  await reader.readings.sign({ studyCode, assignmentId: first, head, language: 'en', proof })
  await expect(reader.cases.open({ studyCode, assignmentId: second })).rejects.toMatchObject({
    message: 'CASE_TOO_EARLY',
    cause: { details: { days: 14 } },
  })
})

test('fifty readings take grades at once and each chain stays whole', async () => {
  const { db, boss } = database()
  const study = await anAssignedStudy(db, boss, { patients: 13 })
  const { world, studyCode } = study
  const names = ['J1', 'J2', 'S1', 'S2'] as const
  const readings = await Promise.all(
    names.flatMap((name) =>
      Array.from({ length: 13 }, async (_, index) => {
        const assignmentId = await study.assignmentOf(name, index)
        await world.as(name).caller.cases.open({ studyCode, assignmentId })
        return { reader: world.as(name).caller, assignmentId }
      }),
    ),
  )
  await Promise.all(
    readings.slice(0, 50).map(async ({ reader, assignmentId }) => {
      for (let sequence = 0; sequence < 6; sequence += 1) {
        const events = [anEvent(sequence % 4, sequence)]
        await reader.readings.append({ studyCode, assignmentId, knownSequence: sequence, events })
      }
    }),
  )
  const { readings: checked, events, faults } = await world.as('monitor').caller.readings.verifyChains({ studyCode })
  expect({ checked, events, faults }).toEqual({ checked: 52, events: 300, faults: [] })
})
