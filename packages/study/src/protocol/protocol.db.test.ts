import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, shippedProtocol } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'

const database = useTestDatabase()
const amended = () => ({ ...JSON.parse(JSON.stringify(shippedProtocol())), plannedPatients: 1132 })

test('an amendment shows what it changes, becomes the next version with its reason, and leaves the old one as it was', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { caller } = world.as('investigator')
  const at = { studyCode: world.studyCode }
  const check = await caller.protocol.check({ ...at, document: amended() })
  expect(check).toMatchObject({
    ok: true,
    version: 2,
    changes: [{ path: 'plannedPatients', before: 700, after: 1132 }],
  })
  const first = await caller.protocol.show(at)
  await caller.protocol.amend({ ...at, document: amended(), reason: 'registry version of 2024', basedOnVersion: 1 })
  expect(await caller.protocol.show(at)).toMatchObject({ version: 2, reason: 'registry version of 2024' })
  expect(await caller.protocol.show({ ...at, version: 1 })).toEqual(first)
})

test('two amendments based on the same version: the second is refused and nothing of it is written', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { caller } = world.as('investigator')
  const input = { studyCode: world.studyCode, document: amended(), reason: 'sample size', basedOnVersion: 1 }
  const results = await Promise.allSettled([caller.protocol.amend(input), caller.protocol.amend(input)])
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  expect(results.find((result) => result.status === 'rejected')).toMatchObject({
    reason: { message: 'PROTOCOL_CHANGED_MEANWHILE' },
  })
  expect(await caller.protocol.versions({ studyCode: world.studyCode })).toHaveLength(2)
})

test('a document that contradicts itself names each path, and a reader may not amend', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const document = { ...amended(), readerGroups: [] }
  const check = await world.as('investigator').caller.protocol.check({ studyCode: world.studyCode, document })
  expect(check).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([expect.objectContaining({ path: 'readerGroups' })]),
  })
  const amend = world.as('J1').caller.protocol.amend({
    studyCode: world.studyCode,
    document: amended(),
    reason: 'a reader tries',
    basedOnVersion: 1,
  })
  await expect(amend).rejects.toMatchObject({ message: 'NOT_ALLOWED' })
})
