import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, type World } from '@facetgrade/testing/study-world'
import { afterEach, expect, test } from 'vitest'
import { writeCtFolder } from '../test/dicom-folder.ts'
import { anInstallation, type Installation } from '../test/installation.ts'

const REAL = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'derived_dicom')
const database = useTestDatabase()
let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
})

async function start(): Promise<{ world: World; at: Installation; study: string[] }> {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  installation = await anInstallation(database(), world)
  return { world, at: installation, study: ['--study', world.studyCode] }
}
const outcomesOf = (out: string): unknown => JSON.parse(out).outcomes
const none = { accepted: 0, duplicate: 0, held: 0, quarantined: 0, rejected: 0 }

test('a folder imported twice is all duplicates the second time, and strict says which import had refusals', async () => {
  const { at, study } = await start()
  await Promise.all([at.startApi(), at.startWorker()])
  const folder = join(at.folder, 'export')
  writeCtFolder(folder, { patients: 2, perPatient: 5 })
  writeFileSync(join(folder, 'README.TXT'), 'not an image')
  const first = await at.facetgrade('import', folder, ...study, '--json', '--strict')
  expect(first.status).toBe(3)
  expect(JSON.parse(first.out)).toMatchObject({
    received: 11,
    answered: 11,
    outcomes: { ...none, accepted: 10, rejected: 1 },
  })
  const second = await at.facetgrade('import', folder, ...study, '--json')
  expect(second.status).toBe(0)
  expect(outcomesOf(second.out)).toEqual({ ...none, duplicate: 10, rejected: 1 })
  const key = join(at.folder, 'other.key')
  await at.facetgrade('key', 'create', key)
  const other = await at.facetgrade('import', folder, ...study, '--key-file', key)
  expect(other).toMatchObject({ status: 3, err: expect.stringContaining('(KEY_MISMATCH)') })
})

test('a worker and an api that are killed in the middle lose nothing and double nothing', async () => {
  const { at, study, world } = await start()
  const api = await at.startApi()
  const worker = await at.startWorker()
  const folder = join(at.folder, 'export')
  writeCtFolder(folder, { patients: 3, perPatient: 40, rows: 512, columns: 512 })
  const running = at.facetgrade('import', folder, ...study, '--json')
  await until(async () => (await answered(world)) > 0)
  await at.stop(worker, 'SIGKILL')
  await at.stop(api, 'SIGKILL')
  await Promise.all([at.startApi(), at.startWorker()])
  const { status, out } = await running
  expect(status).toBe(0)
  expect(outcomesOf(out)).toEqual({ ...none, accepted: 120 })
  const again = await at.facetgrade('import', folder, ...study, '--json')
  expect(outcomesOf(again.out)).toEqual({ ...none, duplicate: 120 })
}, 120_000)

test('deid explains an attribute: in one class, in all, and says what it does not understand', async () => {
  const { at } = await start()
  const ct = '1.2.840.10008.5.1.4.1.1.2'
  const name = await at.facetgrade('deid', '--explain', '0010,0010', '--sop', ct, '--json')
  expect(JSON.parse(name.out).explanations).toEqual([
    expect.objectContaining({ sopClassUid: ct, tag: '(0010,0010)', name: 'PatientName', decision: 'rewritten' }),
  ])
  const institution = await at.facetgrade('deid', '--explain', '(0008,0080)')
  expect(institution.status).toBe(0)
  expect(institution.out.match(/: dropped/g)?.length).toBe(7)
  expect(await at.facetgrade('deid', '--explain', 'name')).toMatchObject({ status: 2 })
  expect(await at.facetgrade('deid', '--key-file', 'k')).toMatchObject({ status: 2 })
})

test('deid writes objects named by their content, the same bytes for the same input and key, and a line for each file', async () => {
  const { at } = await start()
  const folder = join(at.folder, 'export')
  writeCtFolder(folder, { patients: 1, perPatient: 3 })
  cpSync(join(folder, 'P0', 'CT', 'IM00000'), join(folder, 'P0', 'CT', 'copy'))
  const key = join(at.folder, 'study.key')
  await at.facetgrade('key', 'create', key)
  const outputs = ['one', 'two'].map((name) => join(at.folder, name))
  for (const out of outputs) {
    expect(await at.facetgrade('deid', folder, out, '--key-file', key)).toMatchObject({ status: 0 })
  }
  const [one = '', two = ''] = outputs
  const ledger: { outcome: string; output: string }[] = JSON.parse(readFileSync(join(one, 'ledger.json'), 'utf8'))
  expect(ledger.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'accepted', 'accepted', 'duplicate'])
  for (const name of readdirSync(one)) expect(readFileSync(join(two, name))).toEqual(readFileSync(join(one, name)))
  expect(await at.facetgrade('deid', folder, join(folder, 'out'), '--key-file', key)).toMatchObject({ status: 2 })
})

test('the clinical table is shown with row, column and reason, and taken whole only when confirmed', async () => {
  const { at, study, world } = await start()
  await Promise.all([at.startApi(), at.startWorker()])
  const folder = join(at.folder, 'export')
  writeCtFolder(folder, { patients: 2, perPatient: 2 })
  const table = join(at.folder, 'patients.csv')
  writeFileSync(table, 'issuer,patient_id,sex,age_years,site\n,MRN0,F,61,S1\n,MRN1,M,40,S1\n,MRN2,F,200,S1\n')
  const bad = await at.facetgrade('import', folder, ...study, '--clinical', table)
  expect(bad).toMatchObject({ status: 3, err: expect.stringMatching(/row 4, column age_years: AGE_WRONG/) })
  writeFileSync(table, 'issuer,patient_id,sex,age_years,site\n,MRN0,F,61,S1\n,MRN1,F,40,S1\n,MRN2,F,50,S2\n')
  const shown = await at.facetgrade('import', folder, ...study, '--clinical', table, '--json')
  expect(JSON.parse(shown.out).clinical).toMatchObject({ taken: false })
  const { caller } = world.as('coordinator')
  expect((await caller.patients.list({ studyCode: world.studyCode })).rows.map((row) => row.site)).toEqual([null, null])
  const taken = await at.facetgrade('import', folder, ...study, '--clinical', table, '--confirm', '--json')
  expect(JSON.parse(taken.out).clinical).toMatchObject({ taken: true, created: 1, changed: 2 })
  const { rows } = await caller.patients.list({ studyCode: world.studyCode })
  expect(rows.map((row) => `${row.ageYears} ${row.site}`).toSorted()).toEqual(['40 S1', '50 S2', '61 S1'])
})

test('without a token, a source or a known study, the command says so in one sentence', async () => {
  const { at } = await start()
  await at.startApi()
  const missing = await at.facetgrade('import', join(at.folder, 'nowhere'), '--study', 'no-such-study')
  expect(missing).toMatchObject({ status: 3, err: expect.stringContaining('(NOT_FOUND)') })
  expect((await at.facetgrade('import', at.folder)).status).toBe(2)
})

test.skipIf(!existsSync(REAL))(
  'the real lumbar CT, MR and X-rays come in gradable (skipped without ../shared)',
  async () => {
    const { at, study, world } = await start()
    await Promise.all([at.startApi(), at.startWorker()])
    mkdirSync(join(at.folder, 'real'))
    const { status, out } = await at.facetgrade('import', REAL, ...study, '--json')
    expect(status).toBe(0)
    const { accepted } = JSON.parse(out).outcomes
    expect(accepted).toBeGreaterThan(150)
    const { caller } = world.as('coordinator')
    const { rows } = await caller.patients.list({ studyCode: world.studyCode })
    const patients = await Promise.all(
      rows.map(({ patientId }) => caller.patients.show({ studyCode: world.studyCode, patientId })),
    )
    const series = patients.flatMap((patient) => patient.exams.flatMap((exam) => exam.series))
    expect(series.every((one) => one.gradable)).toBe(true)
    const again = await at.facetgrade('import', REAL, ...study, '--json')
    expect(JSON.parse(again.out).outcomes).toMatchObject({ accepted: 0, duplicate: accepted })
  },
  120_000,
)
if (!existsSync(REAL)) process.stderr.write('skipped 1 (needs ../shared/data/derived_dicom)\n')

async function answered(world: World): Promise<number> {
  const { rows } = await world.as('coordinator').caller.imports.list({ studyCode: world.studyCode })
  return rows.flatMap((row) => row.counts).reduce((sum, { files }) => sum + files, 0)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error('did not come to pass within 30 s')
    await new Promise((next) => setTimeout(next, 20))
  }
}
