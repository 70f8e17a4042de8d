import { codebook } from '@facetgrade/grading/codebook'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { adjudicateAll, aReadStudy, type Grader, unsealWithDefaultPlan } from '@facetgrade/testing/evaluated-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { graded, notAssessable } from '@facetgrade/testing/signed-readings'
import { aWorld, contextOn, type PersonName, shippedProtocol, type World } from '@facetgrade/testing/study-world'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { exportFile } from './export-file.ts'

const database = useTestDatabase()

const answer: Grader = (reader, patient, cell) => {
  if (cell.feature === 'erosion' && cell.level === 'L1L2') {
    if (reader === 'J1') return notAssessable
    if (reader === 'J2') return { kind: 'not_assessable', reason: { code: 'other', text: '=HYPERLINK("x"), moved' } }
  }
  if (cell.feature === 'cyst' && cell.level === 'L4L5' && reader === 'S2') return graded(3)
  return graded((patient + cell.feature.length) % 3)
}

async function aStudy() {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patients = await aReadStudy(db, world, {
    roster: [
      { part: 'train', modalities: ['ct', 'xray'] },
      { part: 'validation', modalities: ['ct'] },
      { part: 'test', modalities: ['ct'] },
    ],
    answer,
  })
  return { db, world, patients }
}

async function download(world: World, file: string, name: PersonName = 'statistician'): Promise<string> {
  const { db, boss } = database()
  const session = {
    userId: world.as(name).userId,
    name: 'Person With A Name',
    email: 'person@example.test',
    isAdministrator: false,
    hasSecondFactor: true,
  }
  const { chunks } = await exportFile(contextOn(db, boss, session), { studyCode: world.studyCode, file })
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

const rowsOf = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true })

test('before an unsealing a download holds training and validation, and of the test part the counts alone', async () => {
  const { world, patients } = await aStudy()
  const events = rowsOf(await download(world, 'grade-events.csv'))
  // 4 readers × (2 CT of 50 cells + 1 X-ray of 30)
  expect(events).toHaveLength(4 * (50 + 50 + 30))
  expect(new Set(events.map((row) => row['part']))).toEqual(new Set(['train', 'validation']))
  for (const file of ['grades.csv', 'consensus.csv', 'reference.csv', 'grade-events.csv']) {
    expect(await download(world, file)).not.toContain(patients[2]?.patientCode)
  }
  const counts = rowsOf(await download(world, 'counts.csv'))
  expect(counts.find((row) => row['part'] === 'test')).toMatchObject({
    patients: '1',
    signed_readings: '4',
    grade_events: '200',
  })
})

test('before an unsealing readers wear the same masks in every table, and nothing in it takes them off', async () => {
  const { world } = await aStudy()
  const events = await download(world, 'grade-events.csv')
  const rows = rowsOf(events)
  const codes = new Set(rows.map((row) => row['reader']))
  expect(codes).toEqual(new Set(['M1', 'M2', 'M3', 'M4']))
  expect(events).not.toMatch(/\b[JS][12]\b/)
  expect(new Set(rows.flatMap((row) => [row['hash'], row['previous_hash'], row['event_id']]))).toEqual(new Set(['']))
  expect(events).not.toContain('moved')
  const pairs = (text: string) =>
    new Set(
      rowsOf(text).map((row) => `${row['reader']} ${row['reader_group']} ${row['patient_code']} ${row['signed_at']}`),
    )
  expect(pairs(await download(world, 'grades.csv'))).toEqual(pairs(await download(world, 'joints.csv')))
  // Who is who: J1 alone answers "not assessable" with "artefact".
  const masked = rows.find((row) => row['reason'] === 'artefact')?.['reader']
  await unsealWithDefaultPlan(world)
  const open = rowsOf(await download(world, 'grade-events.csv')).find((row) => row['reason'] === 'artefact')
  expect([masked?.startsWith('M'), open?.['reader']]).toEqual([true, 'J1'])
})

test('after an unsealing the test part is in it', async () => {
  const { world, patients } = await aStudy()
  await unsealWithDefaultPlan(world)
  const events = rowsOf(await download(world, 'grade-events.csv'))
  expect(events.filter((row) => row['patient_code'] === patients[2]?.patientCode)).toHaveLength(200)
})

test('every event is in the file exactly as the reader gave it, and nothing names an account', async () => {
  const { db, world, patients } = await aStudy()
  await unsealWithDefaultPlan(world)
  const text = await download(world, 'grade-events.csv')
  const rows = rowsOf(text)
  const stored = await asSystemIn(db, world, (wall) =>
    wall.gradeEvent.findMany({ where: { patientId: { in: patients.map(({ patientId }) => patientId) } } }),
  )
  const byId = new Map(rows.map((row) => [row['event_id'], row]))
  expect(byId.size).toBe(stored.length)
  const codeOf = new Map(patients.map(({ patientId, patientCode }) => [patientId, patientCode]))
  for (const event of stored) {
    const value = event.value as { kind: string; grade?: number; reason?: { code: string; text?: string } }
    expect(byId.get(event.id)).toMatchObject({
      patient_code: codeOf.get(event.patientId),
      modality: expect.stringMatching(/^(ct|xray)$/),
      level: event.level,
      side: event.side,
      feature: event.feature,
      state: value.kind,
      grade: value.grade === undefined ? '' : String(value.grade),
      reason: value.reason?.code ?? '',
      sequence: String(event.sequence),
      hash: event.hash,
    })
  }
  expect(new Set(rows.map((row) => row['reader']))).toEqual(new Set(['J1', 'J2', 'S1', 'S2']))
  expect(text).not.toContain('Person')
  for (const name of ['J1', 'J2', 'S1', 'S2'] as const) {
    expect(text).not.toContain(world.as(name).userId)
    expect(text).not.toContain(world.as(name).memberId)
  }
})

test('missing is not zero: not assessable carries its reason, not applicable is said, both without a grade', async () => {
  const { world } = await aStudy()
  await unsealWithDefaultPlan(world)
  const rows = rowsOf(await download(world, 'grades.csv'))
  const states = (modality: string) => {
    const count: Record<string, number> = {}
    for (const row of rows)
      if (row['modality'] === modality) count[row['state'] ?? ''] = (count[row['state'] ?? ''] ?? 0) + 1
    return count
  }
  // J1 and J2 call erosion at L1/2 not assessable: two joints, three CT.
  expect(states('ct')).toEqual({ graded: 3 * 4 * 50 - 12, not_assessable: 12 })
  expect(states('xray')).toEqual({ graded: 4 * 30, not_applicable: 4 * 20 })
  for (const row of rows) expect(row['grade'] === '').toBe(row['state'] !== 'graded')
  const other = rows.find((row) => row['reason'] === 'other')
  expect(other?.['reason_text']).toBe(`'=HYPERLINK("x"), moved`)
  expect(rows.filter((row) => row['reason'] === 'artefact')).toHaveLength(6)
})

test('an unanswered cell of a draft is a row that says not graded', async () => {
  const { db, world, patients } = await aStudy()
  await asSystemIn(db, world, async (wall) => {
    const { memberId } = world.as('J1')
    const { studyId } = world
    const patientId = patients[1]?.patientId ?? ''
    const examId = patients[1]?.exams.ct ?? ''
    const assignment = await wall.assignment.create({
      data: { studyId, memberId, round: 'repeat', patientId, modality: 'ct', examId, position: 1 },
    })
    await wall.reading.create({
      data: {
        studyId,
        assignmentId: assignment.id,
        memberId,
        patientId,
        modality: 'ct',
        protocolVersion: 1,
        numberingVersion: 1,
        requiredCells: 50,
      },
    })
  })
  const draft = rowsOf(await download(world, 'grades.csv')).filter((row) => row['round'] === 'repeat')
  expect(draft).toHaveLength(50)
  expect(new Set(draft.map((row) => `${row['state']}/${row['grade']}/${row['signed_at']}`))).toEqual(
    new Set(['not_graded//']),
  )
})

test('consensus and reference agree with a derivation from the readings alone', async () => {
  const { world, patients } = await aStudy()
  await adjudicateAll(world, ['S1', 'S2'], () => graded(1))
  await world.as('investigator').caller.reference.derive({ studyCode: world.studyCode })
  await unsealWithDefaultPlan(world)
  const current = rowsOf(await download(world, 'grades.csv'))
  const key = (row: Record<string, string>) =>
    [row['patient_code'], row['modality'], row['level'], row['side'], row['feature']].join('/')
  const of = (reader: string) =>
    new Map(current.filter((row) => row['reader'] === reader).map((row) => [key(row), row]))
  const [s1, s2] = [of('S1'), of('S2')]
  const reference = rowsOf(await download(world, 'reference.csv'))
  expect(reference).toHaveLength(3 * 50 + 30)
  for (const row of reference) {
    const [first, second] = [s1.get(key(row))?.['grade'], s2.get(key(row))?.['grade']]
    expect([key(row), row['grade']]).toEqual([key(row), first === second ? first : '1'])
  }
  const consensus = rowsOf(await download(world, 'consensus.csv')).filter((row) => row['reader_group'] === 'senior')
  expect(consensus).toHaveLength(reference.length)
  const adjudicated = consensus.filter((row) => row['consensus_origin'] === 'adjudicated').map(key)
  const discordant = [...s1].filter(([cell, row]) => row['grade'] !== s2.get(cell)?.['grade']).map(([cell]) => cell)
  expect(adjudicated.filter((cell) => !discordant.includes(cell))).toEqual([])
  expect(new Set(adjudicated)).toEqual(new Set(discordant.filter((cell) => consensus.some((row) => key(row) === cell))))
  expect(patients).toHaveLength(3)
})

test('the codebook names every column of every file, every code and the missing ones', async () => {
  const { world } = await aStudy()
  const book = rowsOf(await download(world, 'codebook.csv'))
  const { files } = await world.as('statistician').caller.exports.list({ studyCode: world.studyCode })
  for (const { file, columns } of files) {
    const described = book
      .filter((row) => row['kind'] === 'variable' && row['file'] === file)
      .map((row) => row['variable'])
    expect({ file, columns: described }).toEqual({ file, columns })
  }
  const states = book.filter((row) => row['kind'] === 'code' && row['variable'] === 'state')
  expect(states.filter((row) => row['missing'] === '1').map((row) => row['value'])).toEqual([
    'not_graded',
    'not_assessable',
    'not_applicable',
  ])
  const grades = book.filter((row) => row['variable'] === 'grade' && row['kind'] === 'code')
  expect(grades).toHaveLength(codebook(shippedProtocol(), 1).grades.flatMap(({ values }) => values).length)
  for (const row of grades) expect(row['label_en'] && row['label_zh'] && row['definition_en']).toBeTruthy()
})

test('a file begins with a byte order mark and every download leaves a row in the trail', async () => {
  const { db, world } = await aStudy()
  const text = await download(world, 'grade-events.csv')
  expect(text.startsWith('\uFEFFpatient_code,')).toBe(true)
  const [row] = await asSystemIn(db, world, (wall) =>
    wall.auditEntry.findMany({ where: { action: 'export.downloaded' } }),
  )
  expect(row).toMatchObject({
    userId: world.as('statistician').userId,
    role: 'statistician',
    objectId: 'grade-events.csv',
    new: { includesTest: false },
  })
})

test('readers, coordinators and strangers get no export, nor is there a file of another name', async () => {
  const { world } = await aStudy()
  for (const name of ['J1', 'investigator', 'coordinator', 'modeller', 'monitor'] as const) {
    await expect(download(world, 'grade-events.csv', name)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  }
  await expect(download(world, 'passwords.csv')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(download(world, 'evaluation.json')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const { db, boss } = database()
  const other = await aWorld(db, boss)
  await expect(download({ ...other, as: (name) => world.as(name) }, 'grade-events.csv')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
