import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningProduct, startProduct } from '@facetgrade/testing/running-product'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../src/api.ts'
import { signUp } from '../src/demo/sign-up.ts'
import { runCli } from '../src/run-cli.ts'

const PATIENTS = 10
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-demo-'))
let product: RunningProduct
let token: string

beforeAll(async () => {
  product = await startProduct()
  const secret = product.invitation?.split('#')[1] ?? ''
  const administrator = await signUp(product.origin, { secret, name: 'Ada Admin', email: 'ada@example.test' })
  token = administrator.token
}, 300_000)
afterAll(async () => {
  await product.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function demo(...options: string[]) {
  const said = { out: '', err: '' }
  const started = performance.now()
  const status = await runCli(['demo', '--patients', String(PATIENTS), '--modalities', 'CT', '--json', ...options], {
    env: { ...process.env, FACETGRADE_URL: product.origin, FACETGRADE_TOKEN: token, FACETGRADE_DATA: folder },
    out: (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
    isTerminal: false,
    now: () => performance.now(),
  })
  return { status, ...said, seconds: (performance.now() - started) / 1000 }
}

test('one command makes a study of phantoms up to its evaluation; interrupted it goes on, again it stands as it is', async () => {
  const half = await demo('--until', 'split')
  expect(half).toMatchObject({ status: 0 })
  expect(JSON.parse(half.out)).toMatchObject({ evaluationId: null, visitors: [] })
  const whole = await demo()
  expect(whole).toMatchObject({ status: 0 })
  const made = JSON.parse(whole.out)
  expect(made).toMatchObject({ studyCode: 'demo', evaluationId: expect.any(String) })
  process.stdout.write(
    `demo of ${PATIENTS} phantoms, CT: ${(half.seconds + whole.seconds).toFixed(0)} s; ${JSON.stringify({ ...JSON.parse(half.out).seconds, ...made.seconds })}\n`,
  )
  const again = await demo()
  expect(JSON.parse(again.out)).toMatchObject({ evaluationId: made.evaluationId })
  // Each visitor's link works once: the second run's ones replace the first's.
  const links = (of: { visitors: { link: string | null }[] }) => of.visitors.map(({ link }) => link)
  for (const link of links(made)) expect(links(JSON.parse(again.out))).not.toContain(link)
  expect(await demo('--seed', 'another')).toMatchObject({ status: 3, out: expect.stringContaining('DEMO_DIFFERS') })
  await expectWholeStudy(made.peopleFile)
}, 240_000)

/** What the steps left: everyone's work signed, chains intact, the ledger adding up, and a study that says what it is. */
async function expectWholeStudy(peopleFile: string): Promise<void> {
  const { people } = JSON.parse(readFileSync(peopleFile, 'utf8'))
  const investigator = openApi(product.origin, people.investigator.token)
  const study = { studyCode: 'demo' }
  expect(await investigator.studies.show.query(study)).toMatchObject({ kind: 'demo' })
  const { readers } = await investigator.assignments.progress.query(study)
  // The visiting reader, J3, has the latecomers to grade, in the place of J2, who left.
  const open = readers.filter(({ signed, assigned }) => signed < assigned).map(({ readerCode }) => readerCode)
  expect(open).toEqual(['J3'])
  expect(readers.filter(({ isActive }) => !isActive)).toMatchObject([{ readerCode: 'J2' }])
  expect(await investigator.readings.verifyChains.query(study)).toMatchObject({ faults: [] })
  const { rows } = await investigator.imports.list.query(study)
  expect(rows.flatMap(({ counts }) => counts).filter(({ outcome }) => outcome !== 'accepted')).toEqual([])
  const points = await openApi(product.origin, people.coordinator.token).points.list.query(study)
  for (const exam of points.rows) expect(exam).toMatchObject({ version: 1, source: 'import', joints: 10 })
  await expect(openApi(product.origin, people.J1.token).phantomTruth.counts.query(study)).rejects.toThrow('NOT_ALLOWED')
}
