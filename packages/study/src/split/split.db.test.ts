import { splitRoster } from '@facetgrade/grading/split'
import { asPersonIn, asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { unsealWithDefaultPlan } from '@facetgrade/testing/evaluated-study'
import { type TestDatabase, useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { screenedPatients } from '@facetgrade/testing/screened-patients'
import { aWorld, shippedProtocol, TEST_PIN, type World } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { sha256 } from '../sha256.ts'
import { allocateLater } from './allocate-later.ts'
import { sealHash } from './seal-hash.ts'

const database = useTestDatabase()
type Db = TestDatabase['db']

const PROOF = { method: 'pin', pin: TEST_PIN } as const
const PLANNED_SAMPLE = 700

async function aStudy(patients: number) {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const patientIds = await screenedPatients(db, world, patients)
  return { db, world, studyCode: world.studyCode, patientIds, investigator: world.as('investigator').caller }
}

async function preview({ investigator, studyCode }: Awaited<ReturnType<typeof aStudy>>) {
  const { draw, ...rest } = await investigator.split.preview({ studyCode })
  if (!draw) throw new Error('nobody is eligible')
  return { ...rest, ...draw }
}

async function aSealedStudy(patients: number) {
  const study = await aStudy(patients)
  const previewed = await preview(study)
  await study.investigator.split.seal({ studyCode: study.studyCode, ...whatWasSeen(previewed) })
  return { ...study, previewed }
}

const whatWasSeen = ({ rosterHash, protocolVersion }: { rosterHash: string; protocolVersion: number }) => ({
  rosterHash,
  protocolVersion,
  proof: PROOF,
})

const later = (db: Db, world: World, patientId: string) =>
  asSystemIn(db, world, (_wall, stores) => allocateLater(stores, { studyId: world.studyId, patientId }))

const partsOf = (db: Db, world: World) => asSystemIn(db, world, (_wall, { split }) => split.allocations(world.studyId))

test('the planned sample is split 490 : 105 : 105, and what is sealed is what was previewed', async () => {
  const study = await aStudy(PLANNED_SAMPLE)
  const { db, world, studyCode, investigator } = study
  const previewed = await preview(study)
  expect(previewed.counts).toEqual({ train: 490, validation: 105, test: 105 })
  await investigator.split.seal({ studyCode, ...whatWasSeen(previewed) })
  const shown = await investigator.split.show({ studyCode })
  expect(shown).toMatchObject({
    state: 'sealed',
    counts: previewed.counts,
    strata: previewed.strata,
    rosterHash: previewed.rosterHash,
    sealedByName: 'Person',
    later: { train: 0, validation: 0, test: 0 },
  })
  const parts = await partsOf(db, world)
  for (const { stratum, counts } of previewed.strata) {
    for (const part of ['train', 'validation', 'test'] as const) {
      expect(parts.filter((row) => row.stratum === stratum && row.part === part)).toHaveLength(counts[part])
    }
  }
  expect(parts).toHaveLength(PLANNED_SAMPLE)
})

test('the seed is drawn once: another preview draws the same split, and names no patient and no seed', async () => {
  const study = await aStudy(40)
  const first = await preview(study)
  expect(await preview(study)).toEqual(first)
  const { db, world } = study
  const seed = await asSystemIn(db, world, (_wall, { split }) => split.seed(world.studyId))
  expect(seed?.seed).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.stringify(first)).not.toContain(seed?.seed)
  expect(JSON.stringify(first)).not.toMatch(/P[0-9A-Z]{10}/)
  const entries = await asSystemIn(db, world, (wall) =>
    wall.auditEntry.findMany({ where: { studyId: world.studyId, action: { startsWith: 'split.' } } }),
  )
  expect(entries.map(({ action }) => action).toSorted()).toEqual([
    'split.previewed',
    'split.previewed',
    'split.seed_drawn',
  ])
  expect(JSON.stringify(entries.map((entry) => entry.new))).not.toContain(seed?.seed)
})

test('who is not in the roster is counted by reason', async () => {
  const study = await aStudy(10)
  const { db, world, studyCode, investigator } = study
  await screenedPatients(db, world, 3, [])
  await screenedPatients(db, world, 2, ['eligible'])
  await screenedPatients(db, world, 4, ['excluded', 'excluded'])
  await screenedPatients(db, world, 1, ['eligible', 'excluded'])
  const [gone = ''] = await screenedPatients(db, world, 1)
  await world
    .as('coordinator')
    .caller.patients.withdraw({ studyCode, patientId: gone, code: 'site_request', reason: 'asked to leave' })
  expect(await investigator.split.preview({ studyCode })).toMatchObject({
    patients: 10,
    leftOut: { not_screened: 3, second_look_missing: 3, excluded: 4, withdrawn: 1 },
  })
})

test('with nobody eligible nothing is drawn, and nothing can be sealed', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { caller } = world.as('investigator')
  const { studyCode, studyId } = world
  await screenedPatients(db, world, 2, [])
  expect(await caller.split.preview({ studyCode })).toMatchObject({ patients: 0, draw: null })
  expect(await asSystemIn(db, world, (_wall, { split }) => split.seed(studyId))).toBeUndefined()
  const seen = { rosterHash: sha256('nothing'), protocolVersion: 1, proof: PROOF }
  await expect(caller.split.seal({ studyCode, ...seen })).rejects.toMatchObject({ message: 'SPLIT_NOT_PREVIEWED' })
  await expect(caller.split.verify({ studyCode })).rejects.toMatchObject({ message: 'SPLIT_NOT_SEALED' })
})

test('a roster that changed since the preview is refused, and so is an amended protocol or a wrong PIN', async () => {
  const study = await aStudy(12)
  const { db, world, studyCode, investigator } = study
  const seen = whatWasSeen(await preview(study))
  await expect(
    investigator.split.seal({ studyCode, ...seen, proof: { method: 'pin', pin: '000000' } }),
  ).rejects.toMatchObject({ message: 'REAUTHENTICATION_FAILED' })
  await screenedPatients(db, world, 1)
  await expect(investigator.split.seal({ studyCode, ...seen })).rejects.toMatchObject({
    message: 'SPLIT_ROSTER_CHANGED',
  })
  const again = whatWasSeen(await preview(study))
  const protocol = shippedProtocol()
  await investigator.protocol.amend({
    studyCode,
    document: { ...protocol, title: { ...protocol.title, en: 'Amended' } },
    reason: 'another title',
    basedOnVersion: 1,
  })
  await expect(investigator.split.seal({ studyCode, ...again })).rejects.toMatchObject({
    message: 'PROTOCOL_CHANGED_MEANWHILE',
  })
  expect(await investigator.split.show({ studyCode })).toMatchObject({ state: 'open' })
  expect(await partsOf(db, world)).toEqual([])
})

test('a second seal is refused, and so is another preview', async () => {
  const { studyCode, investigator, previewed } = await aSealedStudy(20)
  const before = await investigator.split.show({ studyCode })
  await expect(investigator.split.seal({ studyCode, ...whatWasSeen(previewed) })).rejects.toMatchObject({
    message: 'SPLIT_SEALED',
  })
  await expect(investigator.split.preview({ studyCode })).rejects.toMatchObject({ message: 'SPLIT_SEALED' })
  expect(await investigator.split.show({ studyCode })).toEqual(before)
})

test('of several seals at once one stands and the others are refused', async () => {
  const study = await aStudy(20)
  const { db, world, studyCode, investigator } = study
  const seen = whatWasSeen(await preview(study))
  const answers = await Promise.allSettled(
    Array.from({ length: 4 }, () => investigator.split.seal({ studyCode, ...seen })),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [String(answer.reason.message)] : []))
  expect(refusals).toEqual(['SPLIT_SEALED', 'SPLIT_SEALED', 'SPLIT_SEALED'])
  expect(await partsOf(db, world)).toHaveLength(20)
})

test('neither the seal nor an allocation can be changed or taken away', async () => {
  const { db, world } = await aSealedStudy(10)
  const { studyId } = world
  for (const change of [
    `UPDATE "SplitAllocation" SET part = 'test' WHERE "studyId" = '${studyId}'`,
    `DELETE FROM "SplitAllocation" WHERE "studyId" = '${studyId}'`,
    `UPDATE "SplitSeal" SET seed = '' WHERE "studyId" = '${studyId}'`,
    `DELETE FROM "SplitSeed" WHERE "studyId" = '${studyId}'`,
  ]) {
    await expect(asSystemIn(db, world, (wall) => wall.$executeRawUnsafe(change))).rejects.toThrow(/permission denied/)
  }
})

test('a patient who becomes eligible later gets the part that the seal fixed, once', async () => {
  const { db, world, studyCode, investigator } = await aSealedStudy(20)
  const patientIds = await screenedPatients(db, world, 60)
  for (const patientId of patientIds) expect(await later(db, world, patientId)).toBe('allocated')
  const before = await partsOf(db, world)
  expect(await later(db, world, patientIds[0] ?? '')).toBe('has_part')
  expect(await partsOf(db, world)).toEqual(before)
  const drawn = before.filter(({ origin }) => origin === 'later')
  expect(drawn).toHaveLength(60)
  expect(new Set(drawn.map(({ part }) => part))).toEqual(new Set(['train', 'validation', 'test']))
  expect(await investigator.split.verify({ studyCode })).toMatchObject({
    isIntact: true,
    sealedPatients: 20,
    laterPatients: 60,
  })
})

test('nobody gets a later part before the seal, or without both looks', async () => {
  const { db, world, patientIds } = await aStudy(5)
  expect(await later(db, world, patientIds[0] ?? '')).toBe('not_sealed')
  const sealed = await aSealedStudy(5)
  const [waiting = ''] = await screenedPatients(sealed.db, sealed.world, 1, ['eligible'])
  expect(await later(sealed.db, sealed.world, waiting)).toBe('not_eligible')
  expect(await later(sealed.db, sealed.world, patientIds[0] ?? '')).toBe('not_eligible')
})

test('after an unsealing no later patient goes to test', async () => {
  const { db, world, studyCode, investigator } = await aSealedStudy(20)
  await unsealWithDefaultPlan(world)
  for (const patientId of await screenedPatients(db, world, 60)) await later(db, world, patientId)
  const shown = await investigator.split.show({ studyCode })
  if (shown.state !== 'sealed') throw new Error('not sealed')
  expect(shown.later.test).toBe(0)
  expect(shown.later.train + shown.later.validation).toBe(60)
  expect(shown.later.validation).toBeGreaterThan(0)
  expect(await investigator.split.verify({ studyCode })).toMatchObject({ isIntact: true })
})

test('a patient signed eligible while the split is being sealed gets a part', async () => {
  const study = await aStudy(20)
  const { db, world, studyCode, investigator } = study
  const seen = whatWasSeen(await preview(study))
  const [patientId = ''] = await screenedPatients(db, world, 1, ['eligible'])
  const signing = asSystemIn(db, world, async (wall, stores) => {
    await wall.screening.create({
      data: {
        studyId: world.studyId,
        patientId,
        look: 'second',
        decision: 'eligible',
        criteria: {},
        protocolVersion: 1,
        signedBy: 'test',
      },
    })
    return allocateLater(stores, { studyId: world.studyId, patientId })
  })
  const [sealing] = await Promise.allSettled([investigator.split.seal({ studyCode, ...seen }), signing])
  const outcome = await signing
  // Whoever comes first: either the seal knows the roster has changed, or the patient is drawn by the seal.
  const sealed = sealing.status === 'fulfilled' ? 'sealed' : String(sealing.reason.message)
  expect([
    ['sealed', 'allocated'],
    ['SPLIT_ROSTER_CHANGED', 'not_sealed'],
  ]).toContainEqual([sealed, outcome])
})

test('an exam that comes later is in the part of its patient, and a withdrawn patient leaves a hole', async () => {
  const { db, world, studyCode, patientIds, investigator } = await aSealedStudy(20)
  const [patientId = ''] = patientIds
  const before = await partsOf(db, world)
  await asSystemIn(db, world, (wall) =>
    wall.exam.create({
      data: { studyId: world.studyId, patientId, modality: 'mr', studyInstanceUid: `2.25.${patientId}` },
    }),
  )
  await world
    .as('coordinator')
    .caller.patients.withdraw({ studyCode, patientId, code: 'consent_withdrawn', reason: 'asked to leave' })
  const after = await partsOf(db, world)
  expect(after.map(({ patientCode, part }) => [patientCode, part])).toEqual(
    before.map(({ patientCode, part }) => [patientCode, part]),
  )
  const roster = await asSystemIn(db, world, (_wall, { assignments }) => assignments.roster(world.studyId))
  expect(roster).toHaveLength(19)
  const shown = await investigator.split.show({ studyCode })
  if (shown.state !== 'sealed') throw new Error('not sealed')
  expect(shown.counts).toEqual({ train: 14, validation: 3, test: 3 })
  const { train, validation, test: testing } = shown.withdrawn
  expect(train + validation + testing).toBe(1)
  expect(await investigator.split.verify({ studyCode })).toMatchObject({ isIntact: true })
})

test('the sealed document is the draw from its own seed and roster, under the hash that it is filed by', async () => {
  const { db, world, studyCode } = await aSealedStudy(33)
  const sealed = await asSystemIn(db, world, (_wall, { split }) => split.sealed(world.studyId))
  if (!sealed) throw new Error('not sealed')
  const { document } = sealed
  expect(splitRoster(sha256, { ...document, roster: document.allocations.toReversed() })).toEqual(document)
  expect(sealHash(document)).toBe(sealed.sealHash)
  const verified = await world.as('monitor').caller.split.verify({ studyCode })
  expect(verified.checks.every(({ holds }) => holds)).toBe(true)
})

test('an allocation that the seal does not know is found', async () => {
  const { db, world, studyCode } = await aSealedStudy(10)
  const [patientId = ''] = await screenedPatients(db, world, 1)
  await asSystemIn(db, world, (_wall, { split }) =>
    split.allocate(world.studyId, [{ patientId, part: 'train', stratum: 'smuggled', origin: 'sealed' }]),
  )
  const { isIntact, checks } = await world.as('statistician').caller.split.verify({ studyCode })
  expect(isIntact).toBe(false)
  expect(checks.filter(({ holds }) => !holds)).toEqual([{ check: 'allocations', holds: false }])
})

test('neither reader nor coordinator sees anything of the split, not even below the procedures', async () => {
  const { db, world, studyCode } = await aSealedStudy(10)
  for (const name of ['J1', 'S2', 'coordinator'] as const) {
    const { caller } = world.as(name)
    await expect(caller.split.show({ studyCode })).rejects.toMatchObject({ message: 'NOT_ALLOWED' })
    await expect(caller.split.verify({ studyCode })).rejects.toMatchObject({ message: 'NOT_ALLOWED' })
    await expect(caller.split.preview({ studyCode })).rejects.toMatchObject({ message: 'NOT_ALLOWED' })
    const seen = await asPersonIn(db, world, name, async (wall) => [
      await wall.splitSeed.count(),
      await wall.splitSeal.count(),
      await wall.splitAllocation.count(),
    ])
    expect(seen).toEqual([0, 0, 0])
  }
})

test('modeller and monitor are told counts and hashes, and can reach neither seed nor document', async () => {
  const { db, world, studyCode } = await aSealedStudy(20)
  const forStatistician = await world.as('statistician').caller.split.show({ studyCode })
  expect(forStatistician).toMatchObject({ seed: expect.stringMatching(/^[0-9a-f]{64}$/) })
  for (const name of ['modeller', 'monitor'] as const) {
    const shown = await world.as(name).caller.split.show({ studyCode })
    expect(shown).toEqual({ ...forStatistician, seed: null })
    const seen = await asPersonIn(db, world, name, async (wall) => [
      await wall.splitSeed.count(),
      await wall.splitSeal.count(),
      await wall.splitAllocation.count({ where: { part: 'test' } }),
    ])
    expect(seen).toEqual([0, 0, 0])
  }
})
