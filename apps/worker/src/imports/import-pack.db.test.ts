import { packEntries } from '@facetgrade/dicom/pack'
import { sampleDicom, text } from '@facetgrade/dicom/sample-dicom'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, type World } from '@facetgrade/testing/study-world'
import { afterEach, expect, test } from 'vitest'
import { type ImportChain, importChain, newKey, original } from '../../test/import-world.ts'

const database = useTestDatabase()
const chains: ImportChain[] = []
afterEach(async () => {
  for (const chain of chains.splice(0)) await chain.close()
})

async function start(): Promise<{ world: World; chain: ImportChain }> {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const chain = await importChain(database(), world, newKey(world.studyCode))
  chains.push(chain)
  return { world, chain }
}
const slices = (count: number) =>
  Array.from({ length: count }, (_, index) => original({ sop: String(index), z: index * 3 }))

test('every received file gets exactly one line, and received is the sum of the five outcomes', async () => {
  const { world, chain } = await start()
  const { caller } = world.as('coordinator')
  const at = { studyCode: world.studyCode }
  const { importId } = await chain.begin(7)
  await caller.imports.reportRefused({
    ...at,
    importId,
    files: [
      { index: 5, code: 'NOT_DICOM' },
      { index: 4, code: 'PATIENT_ID_BLANK' },
    ],
  })
  const [one, two] = slices(2)
  if (!one || !two) throw new Error('no slices')
  const other = original({ sop: '1', z: 3, pixels: new Uint8Array(512).fill(7) })
  await chain.receive(importId, 0, await chain.pack([one, two, one, { index: 3, bytes: other }]))
  await caller.imports.finish({ ...at, importId, packs: [0] })
  await chain.work(importId, 0)
  await chain.complete(importId)
  expect(await chain.ledger(importId)).toEqual([
    [0, 'ACCEPTED'],
    [1, 'ACCEPTED'],
    [2, 'DUPLICATE'],
    [3, 'INSTANCE_CONFLICT'],
    [4, 'PATIENT_ID_BLANK'],
    [5, 'NOT_DICOM'],
    [6, 'PACK_MALFORMED'],
  ])
  const shown = await caller.imports.show({ ...at, importId })
  expect(shown).toMatchObject({ state: 'done', fileCount: 7, answered: 7, packsStored: 1, packsDone: 1 })
})

test('importing the same files again changes nothing and says duplicate', async () => {
  const { world, chain } = await start()
  const files = slices(4)
  expect((await chain.importAll(files)).map(([, code]) => code)).toEqual(Array(4).fill('ACCEPTED'))
  const { caller } = world.as('coordinator')
  const before = await caller.patients.list({ studyCode: world.studyCode })
  expect((await chain.importAll(files)).map(([, code]) => code)).toEqual(Array(4).fill('DUPLICATE'))
  expect(await caller.patients.list({ studyCode: world.studyCode })).toEqual(before)
})

test('a patient whose sex or birth date differs from earlier images is quarantined, and nothing of the patient changes', async () => {
  const { world, chain } = await start()
  await chain.importAll(slices(2))
  const [[, sex] = []] = await chain.importAll([original({ sop: '10', sex: 'M' })])
  const [[, birth] = []] = await chain.importAll([original({ sop: '11', birthDate: '19600103' })])
  expect([sex, birth]).toEqual(['SEX_CONFLICT', 'BIRTH_DATE_CONFLICT'])
  const { rows } = await world.as('coordinator').caller.patients.list({ studyCode: world.studyCode })
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ sex: 'F', enrolmentNumber: 1, exams: { ct: 1 } })
})

test('the same id from two issuers is two patients', async () => {
  const { world, chain } = await start()
  const fromB = original({
    sop: '2',
    with: [text(0x00100021, 'LO', 'HOSPITAL-B'), text(0x0020000d, 'UI', '1.2.826.9')],
  })
  await chain.importAll([original({ sop: '1' }), fromB])
  const { rows } = await world.as('coordinator').caller.patients.list({ studyCode: world.studyCode })
  expect(rows.map((row) => row.enrolmentNumber)).toEqual([1, 2])
})

test('the first import fixes the key: another one is refused before anything is sent, and its files are rejected', async () => {
  const { world, chain } = await start()
  await chain.importAll(slices(1))
  await expect(chain.begin(1, { key: newKey(world.studyCode) })).rejects.toMatchObject({ message: 'KEY_MISMATCH' })
  expect(await world.as('coordinator').caller.imports.settings({ studyCode: world.studyCode })).toMatchObject({
    keyFingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
})

test('a series is judged after the last pack, and anew when a later import completes it', async () => {
  const { world, chain } = await start()
  const files = slices(6)
  await chain.importAll(files.filter((_, index) => index !== 3))
  const { caller } = world.as('coordinator')
  const at = { studyCode: world.studyCode }
  const series = async () => {
    const { rows } = await caller.patients.list(at)
    const patient = await caller.patients.show({ ...at, patientId: rows[0]?.patientId ?? '' })
    return patient.exams.flatMap((exam) => exam.series)
  }
  expect(await series()).toMatchObject([{ gradable: false, notGradableCode: 'SLICE_MISSING', frames: 5 }])
  await chain.importAll(files)
  expect(await series()).toMatchObject([{ gradable: true, notGradableCode: null, plane: 'axial', frames: 6 }])
})

test('a file that is not pseudonymised is refused by the server whatever the envelope says, and a damaged pack loses nothing else', async () => {
  const { chain, world } = await start()
  const key = newKey('other')
  const foreign = await importChain(database(), world, key)
  chains.push(foreign)
  const { importId } = await chain.begin(3)
  await chain.receive(importId, 0, await foreign.pack([original({ sop: '1' })]))
  await chain.receive(importId, 1, new Uint8Array([1, 2, 3]))
  const raw = sampleDicom()
  const envelope = {
    version: 1 as const,
    keyFingerprint: key.fingerprint,
    imagedInPeriod: null,
    birthDateHmac: null,
    sex: null,
  }
  await chain.receive(importId, 2, packEntries([{ index: 2, envelope, bytes: raw }]))
  for (const packIndex of [0, 1, 2]) await chain.work(importId, packIndex)
  await world.as('coordinator').caller.imports.finish({ studyCode: world.studyCode, importId, packs: [0, 1, 2] })
  await chain.complete(importId)
  expect(await chain.ledger(importId)).toEqual([
    [0, 'KEY_MISMATCH'],
    [1, 'PACK_MALFORMED'],
    [2, 'NOT_PSEUDONYMISED'],
  ])
})

test('a pack whose job runs twice, or that arrives twice, gives the same ledger', async () => {
  const { chain, world } = await start()
  const { importId } = await chain.begin(3)
  const bytes = await chain.pack(slices(3))
  await chain.receive(importId, 0, bytes)
  await chain.receive(importId, 0, bytes)
  await Promise.all([chain.work(importId, 0), chain.work(importId, 0)])
  await chain.work(importId, 0)
  await world.as('coordinator').caller.imports.finish({ studyCode: world.studyCode, importId, packs: [0] })
  await chain.complete(importId)
  await chain.complete(importId)
  expect((await chain.ledger(importId)).map(([, code]) => code)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED'])
})

test('the same folder begun again resumes its unfinished import; a pack that never came is asked for', async () => {
  const { chain, world } = await start()
  const { importId } = await chain.begin(2, { roster: 'folder' })
  await chain.receive(importId, 0, await chain.pack(slices(1)))
  expect(await chain.begin(2, { roster: 'folder' })).toEqual({ importId, resumed: true, storedPacks: [0] })
  expect((await chain.begin(3, { roster: 'folder' })).resumed).toBe(false)
  const { caller } = world.as('coordinator')
  const at = { studyCode: world.studyCode, importId }
  expect(await caller.imports.finish({ ...at, packs: [0, 1] })).toEqual({ missingPacks: [1] })
  expect((await caller.imports.show(at)).state).toBe('receiving')
})

test('cancelling takes nothing more and keeps what was acknowledged; a later file of a withdrawn patient is not taken', async () => {
  const { chain, world } = await start()
  const { importId } = await chain.begin(2)
  await chain.receive(importId, 0, await chain.pack(slices(1)))
  const { caller } = world.as('coordinator')
  const at = { studyCode: world.studyCode }
  await caller.imports.cancel({ ...at, importId })
  await expect(chain.receive(importId, 1, await chain.pack(slices(1)))).rejects.toMatchObject({ code: 'IMPORT_CLOSED' })
  await chain.work(importId, 0)
  await chain.complete(importId)
  expect(await chain.ledger(importId)).toEqual([[0, 'ACCEPTED']])
  const { rows } = await caller.patients.list(at)
  const patientId = rows[0]?.patientId ?? ''
  await caller.patients.withdraw({ ...at, patientId, code: 'consent_withdrawn', reason: 'patient wrote' })
  await expect(
    caller.patients.withdraw({ ...at, patientId, code: 'other', reason: 'once more' }),
  ).rejects.toMatchObject({ message: 'PATIENT_WITHDRAWN' })
  expect(await chain.importAll([original({ sop: '77' })])).toEqual([[0, 'PATIENT_WITHDRAWN']])
})

test('a late exam of a known patient inherits the part: it belongs to the patient, and importing never touches it', async () => {
  const { chain, world } = await start()
  const { db } = database()
  await chain.importAll(slices(2))
  const { caller } = world.as('coordinator')
  const at = { studyCode: world.studyCode }
  const [patient] = (await caller.patients.list(at)).rows
  if (!patient) throw new Error('no patient')
  const { studyId } = world
  const allocation = { patientId: patient.patientId, studyId, part: 'test', stratum: '', origin: 'sealed' }
  await asSystemIn(db, world, (wall) => wall.splitAllocation.create({ data: allocation }))
  const late = original({ kind: 'mr', sop: '90', series: '9', with: [text(0x0020000d, 'UI', '1.2.826.2.90')] })
  expect(await chain.importAll([late])).toEqual([[0, 'ACCEPTED']])
  const exams = (await caller.patients.show({ ...at, patientId: patient.patientId })).exams
  expect(exams.map((exam) => exam.modality)).toEqual(['ct', 'mr'])
  const parts = await asSystemIn(db, world, (wall) => wall.splitAllocation.findMany({ where: { studyId } }))
  expect(parts).toMatchObject([{ patientId: patient.patientId, part: 'test', origin: 'sealed' }])
})
