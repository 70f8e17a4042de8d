import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { aBuiltBundle, buildBundleInMemory } from '@facetgrade/testing/built-bundle'
import { adjudicateAll, aReadStudy, unsealWithDefaultPlan } from '@facetgrade/testing/evaluated-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { graded } from '@facetgrade/testing/signed-readings'
import { aWorld, contextOn } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { openBundle } from './bundle-file.ts'

const database = useTestDatabase()

async function aStudy() {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind: 'synthetic' })
  const patients = await aReadStudy(db, world, {
    roster: [
      { part: 'train', modalities: ['ct', 'xray'] },
      { part: 'validation', modalities: ['ct'] },
      { part: 'test', modalities: ['ct'] },
    ],
    answer: (_reader, patient, cell) => graded((patient + cell.feature.length) % 3),
  })
  return { world, patients }
}

test('a blinded bundle holds training and validation whole, of the test part the counts, and masked readers', async () => {
  const { world, patients } = await aStudy()
  const { bundle, manifest, text } = await aBuiltBundle(database().db, world, { isBlinded: true })
  expect(bundle).toMatchObject({ ordinal: 1, state: 'ready', isBlinded: true, donePatients: 2, allPatients: 2 })
  expect(manifest).toMatchObject({
    about: 'Synthetic phantoms: says nothing about patients',
    parts: ['train', 'validation'],
    patients: 2,
    evaluation: null,
    unsealings: 0,
  })
  expect(manifest.tables.find(({ name }) => name === 'grades')?.rows).toBe(4 * (2 * 50 + 50))
  const test = patients[2]?.patientCode ?? ''
  for (const { name } of manifest.files) {
    expect({ name, isThere: text(name).includes(test) }).toEqual({ name, isThere: false })
  }
  const told = manifest.files.filter(({ name }) => /^tables\/.*csv$|xml$/.test(name))
  const unmasked = told.filter(({ name }) => /\b(J1|J2|S1|S2)\b/.test(text(name).replaceAll(/L[56]\/?S1/g, '')))
  expect(unmasked).toEqual([])
  expect(text('tables/counts.csv')).toContain('test,1,4,4,200')
  expect(text('README.txt')).toContain('BLINDED')
  expect(text('odm.xml')).toContain('says nothing about patients')
})

test('an unblinded bundle waits for an unsealing, then holds the test part and readers without masks', async () => {
  const { world, patients } = await aStudy()
  const { studyCode } = world
  const { exports } = world.as('statistician').caller
  await expect(exports.createBundle({ studyCode, isBlinded: false })).rejects.toMatchObject({ message: 'NOT_UNSEALED' })
  await adjudicateAll(world, ['S1', 'S2'], () => graded(1))
  await world.as('investigator').caller.reference.derive({ studyCode })
  await unsealWithDefaultPlan(world)
  const { manifest, text } = await aBuiltBundle(database().db, world, { isBlinded: false })
  expect(manifest).toMatchObject({ parts: ['train', 'validation', 'test'], unsealings: 1, patients: 3 })
  expect(text('tables/grades.csv')).toContain(patients[2]?.patientCode)
  expect(text('tables/grades.csv')).toContain('J1')
})

test('the same data give the same bundle, byte by byte, and a finished one cannot be changed', async () => {
  const { world } = await aStudy()
  const [first, second] = [
    await aBuiltBundle(database().db, world, { isBlinded: true }),
    await aBuiltBundle(database().db, world, { isBlinded: true }),
  ]
  expect(second.manifest).toEqual(first.manifest)
  expect(second.bundle.contentHash).toBe(first.bundle.contentHash)
  const { db } = database()
  await expect(
    asSystemIn(db, world, (wall) => wall.bundle.update({ where: { id: first.bundleId }, data: { contentHash: 'x' } })),
  ).rejects.toThrow(/never changed/)
  await buildBundleInMemory(db, world, first.bundleId)
  expect(
    (await world.as('statistician').caller.exports.bundle({ studyCode: world.studyCode, bundleId: first.bundleId }))
      .finishedAt,
  ).toBe(first.bundle.finishedAt)
})

test('a bundle whose statistician has left is not built, and says so', async () => {
  const { world } = await aStudy()
  const { studyCode } = world
  const { bundleId } = await world.as('statistician').caller.exports.createBundle({ studyCode, isBlinded: true })
  const { db } = database()
  await asSystemIn(db, world, (wall) =>
    wall.member.update({ where: { id: world.as('statistician').memberId }, data: { endedAt: new Date() } }),
  )
  expect((await buildBundleInMemory(db, world, bundleId)).size).toBe(0)
  const row = await asSystemIn(db, world, (wall) => wall.bundle.findUniqueOrThrow({ where: { id: bundleId } }))
  expect(row).toMatchObject({ state: 'failed', failureCode: 'NOT_ALLOWED' })
})

test('taking a bundle leaves a row in the trail; an unfinished one and one of another study are not there', async () => {
  const { world } = await aStudy()
  const { db, boss } = database()
  const { studyCode } = world
  const { bundleId } = await aBuiltBundle(database().db, world, { isBlinded: true })
  const session = {
    userId: world.as('statistician').userId,
    name: 'n',
    email: 'e',
    isAdministrator: false,
    hasSecondFactor: true,
  }
  const take = (id: string, code = studyCode) =>
    openBundle(contextOn(db, boss, session), { studyCode: code, bundleId: id, taken: 'zip' })
  expect((await take(bundleId)).manifest.study.code).toBe(studyCode)
  const trail = await asSystemIn(db, world, (wall) =>
    wall.auditEntry.findMany({ where: { object: 'Bundle' }, orderBy: { id: 'asc' } }),
  )
  expect(trail.map(({ action }) => action)).toEqual(['bundle.requested', 'bundle.downloaded'])
  const { bundleId: unfinished } = await world
    .as('statistician')
    .caller.exports.createBundle({ studyCode, isBlinded: true })
  await expect(take(unfinished)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const other = await aWorld(db, boss)
  await expect(take(bundleId, other.studyCode)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
