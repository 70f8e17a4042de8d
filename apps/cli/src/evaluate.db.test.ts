import { aReadStudy } from '@facetgrade/testing/evaluated-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { graded } from '@facetgrade/testing/signed-readings'
import { aWorld } from '@facetgrade/testing/study-world'
import { afterEach, expect, test } from 'vitest'
import { anInstallation, type Installation } from '../test/installation.ts'

const database = useTestDatabase()
let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
})

test('from signed readings to numbers by the command line alone, each step refused out of its order', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind: 'synthetic' })
  const part = 'test' as const
  const patients = await aReadStudy(db, world, {
    roster: Array.from({ length: 3 }, () => ({ part, modalities: ['ct' as const] })),
    answer: (_reader, patient, cell) => graded((patient + cell.feature.length) % 3),
  })
  installation = await anInstallation(database(), world, 'investigator')
  await installation.startApi()
  await installation.startWorker()
  const at = installation
  const facetgrade = (...args: string[]) => at.facetgrade(...args, '--study', world.studyCode, '--json')
  const codeOf = (out: string): unknown => JSON.parse(out).error.code

  expect(codeOf((await facetgrade('evaluate')).out)).toBe('NOT_UNSEALED')
  expect(codeOf((await facetgrade('evaluate', 'unseal', '--reason', 'the plan says so')).out)).toBe('PLAN_NOT_LOCKED')
  expect(await facetgrade('evaluate', 'plan')).toMatchObject({ status: 0 })
  const dry = JSON.parse((await facetgrade('evaluate', '--dry-run')).out)
  expect(dry.results).toMatchObject({ data: 'simulated', studyKind: 'synthetic' })
  expect(JSON.stringify(dry)).not.toContain(patients[0]?.patientCode)
  expect(codeOf((await facetgrade('evaluate')).out)).toBe('NOT_UNSEALED')
  for (const step of [['reference'], ['plan', '--lock'], ['unseal', '--reason', 'the plan says so']]) {
    expect(await facetgrade('evaluate', ...step)).toMatchObject({ status: 0 })
  }
  const { status, out } = await facetgrade('evaluate')
  expect(status).toBe(0)
  const f1 = JSON.parse(out).results.rows.find(
    (row: { analysis: string; missingRule: string | null; comparator: string; modality: string; metric: string }) =>
      row.analysis === 'performance' &&
      row.missingRule === null &&
      row.comparator === 'J1' &&
      row.modality === 'ct' &&
      row.metric === 'f1',
  )
  expect(f1.result).toMatchObject({ estimate: 1, n: 30, clusters: 3 })
})
