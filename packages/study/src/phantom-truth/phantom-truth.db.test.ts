import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aRoster, aSeal } from '@facetgrade/testing/signed-readings'
import { aWorld, type PersonName, type World } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import type { KeyedTruth } from './import-truth.ts'

const database = useTestDatabase()

async function aPhantomStudy(kind: 'synthetic' | 'demo' | 'real' = 'synthetic') {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind })
  const patients = await aRoster(db, world, [
    { part: 'train', modalities: ['ct'] },
    { part: 'validation', modalities: ['ct'] },
    { part: 'test', modalities: ['ct', 'xray'] },
  ])
  await aSeal(db, world)
  const codes = await asSystemIn(db, world, async (wall) =>
    Promise.all(
      patients.map(async ({ patientId }) => {
        const row = await wall.patient.findUniqueOrThrow({ where: { id: patientId } })
        return row.patientCode
      }),
    ),
  )
  return { world, patients, codes }
}

const cell = (over: Partial<KeyedTruth['cells'][number]> = {}): KeyedTruth['cells'][number] => ({
  level: 'L4L5',
  side: 'left',
  feature: 'cyst',
  grade: 2,
  visible: true,
  cnr: 4.5,
  ...over,
})
const truthOf = (codes: readonly string[]): KeyedTruth[] =>
  codes.map((patientCode, index) => ({
    row: 2 + 2 * index,
    patientCode,
    modality: 'ct',
    cells: [cell(), cell({ side: 'right', grade: 0, visible: true, cnr: null })],
  }))
const take = (world: World, truth: KeyedTruth[]) =>
  world.as('coordinator').caller.phantomTruth.import({ studyCode: world.studyCode, truth })
const seenBy = (world: World, name: PersonName) =>
  asPersonIn(database().db, world, name, (wall) => wall.phantomTruth.count())

test('is taken once: the same table again changes nothing, another grade for a standing cell is refused', async () => {
  const { world, codes } = await aPhantomStudy('demo')
  expect(await take(world, truthOf(codes))).toEqual({ cells: 6, added: 6, unchanged: 0 })
  expect(await take(world, truthOf(codes))).toEqual({ cells: 6, added: 0, unchanged: 6 })
  const [first] = truthOf(codes)
  if (!first) throw new Error('no patient')
  await expect(take(world, [{ ...first, cells: [cell({ grade: 3 })] }])).rejects.toMatchObject({
    cause: { code: 'TRUTH_DIFFERS', details: { row: 2 } },
  })
})

test('belongs to no study of patients, by the use case and by the database alike', async () => {
  const { world, codes, patients } = await aPhantomStudy('real')
  await expect(take(world, truthOf(codes))).rejects.toMatchObject({ cause: { code: 'TRUTH_IN_REAL_STUDY' } })
  const written = asSystemIn(database().db, world, (_wall, stores) =>
    stores.phantomTruth.add(world.studyId, [{ patientId: patients[0]?.patientId ?? '', modality: 'ct', ...cell() }]),
  )
  await expect(written).rejects.toThrow(/phantoms only/)
})

test.each([
  [
    'a patient that the study does not have',
    'TRUTH_PATIENT_UNKNOWN',
    (of: KeyedTruth): KeyedTruth[] => [of, { ...of, row: 9, patientCode: 'P0000000000' }],
  ],
  ['a cell twice', 'TRUTH_CELL_TWICE', (of: KeyedTruth): KeyedTruth[] => [of, { ...of, row: 9 }]],
  [
    'a grade off the scale',
    'GRADE_OFF_SCALE',
    (of: KeyedTruth): KeyedTruth[] => [of, { ...of, row: 9, modality: 'mr', cells: [cell({ grade: 4 })] }],
  ],
])('refuses %s, names the line and takes nothing', async (_what, code, spoil) => {
  const { world, codes } = await aPhantomStudy()
  const [first] = truthOf(codes)
  if (!first) throw new Error('no patient')
  await expect(take(world, spoil(first))).rejects.toMatchObject({ cause: { code, details: { row: 9 } } })
  expect(await asSystemIn(database().db, world, (wall) => wall.phantomTruth.count())).toBe(0)
})

test('shows nobody the test part before an unsealing, the modeller never, readers and coordinators nothing', async () => {
  const { world, codes } = await aPhantomStudy()
  await take(world, truthOf(codes))
  const [office, closed] = [['investigator', 'statistician'] as const, ['coordinator', 'monitor', 'J1', 'S2'] as const]
  for (const name of office) expect([name, await seenBy(world, name)]).toEqual([name, 4])
  await asSystemIn(database().db, world, (wall) =>
    wall.unsealing.create({
      data: { studyId: world.studyId, ordinal: 1, planId: crypto.randomUUID(), reason: 'r', unsealedBy: 'u' },
    }),
  )
  for (const name of office) expect([name, await seenBy(world, name)]).toEqual([name, 6])
  expect(await seenBy(world, 'modeller')).toBe(4)
  for (const name of closed) expect([name, await seenBy(world, name)]).toEqual([name, 0])
})

test('cannot be changed, nor named for a patient of another study', async () => {
  const { world, codes } = await aPhantomStudy()
  const { patients: foreign } = await aPhantomStudy()
  await take(world, truthOf(codes))
  const { db, owner } = database()
  await expect(asSystemIn(db, world, (wall) => wall.$executeRaw`UPDATE "PhantomTruth" SET grade = 0`)).rejects.toThrow(
    /permission denied/,
  )
  await expect(owner.query('TRUNCATE "PhantomTruth"')).rejects.toThrow(/append-only/)
  await expect(
    asSystemIn(db, world, (_wall, stores) =>
      stores.phantomTruth.add(world.studyId, [{ patientId: foreign[0]?.patientId ?? '', modality: 'ct', ...cell() }]),
    ),
  ).rejects.toThrow(/patient of its own study/)
})
