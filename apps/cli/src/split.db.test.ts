import { hashPassword } from '@facetgrade/study/people/password-hash'
import { asPersonIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { screenedPatients } from '@facetgrade/testing/screened-patients'
import { aWorld, TEST_PIN } from '@facetgrade/testing/study-world'
import { afterEach, expect, test, vi } from 'vitest'
import { anInstallation, type Installation } from '../test/installation.ts'

const database = useTestDatabase()
let installation: Installation | undefined
afterEach(async () => {
  vi.unstubAllEnvs()
  await installation?.close()
})

test('a split is previewed, sealed with a PIN, shown and checked by the command line alone, and never sealed twice', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  await screenedPatients(db, world, 20)
  const { userId } = world.as('investigator')
  const pinHash = await hashPassword(TEST_PIN)
  await asPersonIn(db, world, 'investigator', (_wall, { people }) => people.setPin(userId, pinHash))
  vi.stubEnv('FACETGRADE_PIN', TEST_PIN)
  installation = await anInstallation(database(), world, 'investigator')
  await installation.startApi()
  const at = installation
  const facetgrade = async (...args: string[]) => {
    const { status, out } = await at.facetgrade('split', ...args, '--study', world.studyCode, '--json')
    return { status, answer: JSON.parse(out) }
  }

  expect(await facetgrade('verify')).toMatchObject({ status: 3, answer: { error: { code: 'SPLIT_NOT_SEALED' } } })
  const previewed = await facetgrade('preview')
  expect(previewed).toMatchObject({
    status: 0,
    answer: { patients: 20, draw: { counts: { train: 14, validation: 3, test: 3 } } },
  })
  const { rosterHash } = previewed.answer.draw
  expect(await facetgrade('seal', '--roster-hash', '0'.repeat(64))).toMatchObject({
    status: 3,
    answer: { error: { code: 'SPLIT_ROSTER_CHANGED' } },
  })
  const sealed = await facetgrade('seal', '--roster-hash', rosterHash)
  expect(sealed).toMatchObject({ status: 0, answer: { sealHash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  expect(await facetgrade('seal', '--roster-hash', rosterHash)).toMatchObject({
    status: 3,
    answer: { error: { code: 'SPLIT_SEALED' } },
  })
  expect(await facetgrade('show')).toMatchObject({ status: 0, answer: { state: 'sealed', rosterHash } })
  expect(await facetgrade('verify')).toMatchObject({ status: 0, answer: { isIntact: true, sealedPatients: 20 } })
})
