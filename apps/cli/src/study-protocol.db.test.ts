import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, shippedProtocol } from '@facetgrade/testing/study-world'
import { afterEach, expect, test } from 'vitest'
import { anInstallation, type Installation } from '../test/installation.ts'

const database = useTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-protocol-'))
let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a protocol is checked, amended with its reason and shown by the command line, and a person is invited by it', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  installation = await anInstallation(database(), world, 'investigator')
  await installation.startApi()
  const at = installation
  const facetgrade = async (...args: string[]) => {
    const { status, out } = await at.facetgrade(...args, '--json')
    return { status, answer: JSON.parse(out) }
  }
  const study = ['--study', world.studyCode]
  const [good, bad] = [join(folder, 'good.json'), join(folder, 'bad.json')]
  writeFileSync(good, JSON.stringify({ ...shippedProtocol(), plannedPatients: 1132 }))
  writeFileSync(bad, JSON.stringify({ ...shippedProtocol(), readerGroups: [] }))

  expect(await facetgrade('protocol', 'check', bad)).toMatchObject({ status: 3, answer: { ok: false } })
  expect(await facetgrade('protocol', 'check', good, ...study)).toMatchObject({
    status: 0,
    answer: { ok: true, version: 2, changes: [{ path: 'plannedPatients', before: 700, after: 1132 }] },
  })
  const amend = ['protocol', 'amend', good, ...study, '--reason', 'the registry now plans 1,132', '--based-on', '1']
  expect(await facetgrade(...amend)).toMatchObject({ status: 0, answer: { version: 2 } })
  expect(await facetgrade(...amend)).toMatchObject({
    status: 3,
    answer: { error: { code: 'PROTOCOL_CHANGED_MEANWHILE' } },
  })
  expect(await facetgrade('protocol', 'show', ...study)).toMatchObject({
    status: 0,
    answer: { version: 2, reason: 'the registry now plans 1,132', protocol: { plannedPatients: 1132 } },
  })
  expect(await facetgrade('study', 'show', ...study)).toMatchObject({
    answer: { code: world.studyCode, roles: ['investigator'] },
  })
  expect(await facetgrade('study', 'create', 'another', '--title', 'Another study')).toMatchObject({
    status: 3,
    answer: { error: { code: 'NOT_ALLOWED' } },
  })
  const invite = ['user', 'invite', 'new@example.test', '--name', 'New Person', ...study, '--role', 'monitor']
  expect(await facetgrade(...invite)).toMatchObject({
    status: 0,
    answer: { link: expect.stringContaining('/invitation#') },
  })
})
