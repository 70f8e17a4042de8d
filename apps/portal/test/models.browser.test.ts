import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { aComputer, acceptInvitation, type Computer, launchBrowser } from '@facetgrade/testing/browser'
import { anInferenceStudy } from '@facetgrade/testing/inference-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { type RunningProduct, startProduct } from '@facetgrade/testing/running-product'
import { aWorld, type World } from '@facetgrade/testing/study-world'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyGrader } from '../../../packages/inference/test/tiny-model.ts'

const EXAMS = 3
/** A folder for pictures of every screen visited, to look at. */
const PICTURES = process.env['FACETGRADE_PICTURES']

const database = useTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-model-page-'))
let product: RunningProduct
let browser: Browser
let computer: Computer
let world: World
let study: string

beforeAll(async () => {
  const { db, boss } = database()
  product = await startProduct({ database: database() })
  browser = await launchBrowser()
  computer = await aComputer(browser, { height: 1000 })
  await acceptInvitation(computer.page, product.invitation ?? '', {
    name: 'Zhang Wei',
    email: 'zhang@example.test',
    password: 'seven-turtles-under-glass',
    pin: '271828',
  })
  world = await aWorld(db, boss, { kind: 'synthetic' })
  const { dataFolder } = product
  await anInferenceStudy({ db, boss, dataFolder }, { exams: EXAMS, world })
  const person = await db.user.findFirstOrThrow({ where: { email: 'zhang@example.test' } })
  await asSystemIn(db, world, (wall) =>
    wall.member.create({
      data: { studyId: world.studyId, userId: person.id, role: 'investigator', createdBy: person.id },
    }),
  )
  study = `${product.origin}/studies/${world.studyCode}`
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function looked(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `models-${name}.png`), fullPage: true })
  // A button that has just become usable fades in; contrast is that of its rest.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

function writeModel(name: string, model: ReturnType<typeof tinyGrader>): string {
  const at = join(folder, name)
  mkdirSync(at)
  writeFileSync(join(at, 'manifest.json'), JSON.stringify(model.manifest))
  writeFileSync(join(at, 'card.md'), '# A tiny network\n\nMade by a test; it knows nothing.\n')
  for (const [file, bytes] of model.files) writeFileSync(join(at, file), bytes)
  return at
}

test('a model is registered from its folder, and a refused one says on its page why', async () => {
  const { page } = computer
  await page.goto(`${study}/models`)
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
  await page.getByText('Nothing was run yet').waitFor()
  await looked(page, 'empty')
  const broken = tinyGrader('ct', { id: 'broken', network: new TextEncoder().encode('not a network') })
  await page.getByLabel('Model folder').setInputFiles(writeModel('broken', broken))
  await page.getByRole('button', { name: 'Send and inspect' }).click()
  await page.getByText('was refused; its page says why').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: 'Model page' }).click()
  await page.getByText('The network is not a readable ONNX file.').waitFor()
  await looked(page, 'refused')

  await page.getByRole('link', { name: 'All models' }).click()
  await page.getByLabel('Model folder').setInputFiles(writeModel('good', tinyGrader('ct', { id: 'good' })))
  await page.getByRole('button', { name: 'Send and inspect' }).click()
  await page.getByText('is registered.').waitFor({ timeout: 60_000 })
  const listed = page.getByRole('link', { name: 'A tiny network for tests' })
  await listed.nth(2).waitFor()
  expect(await listed.count()).toBe(3)
  await looked(page, 'registered')
}, 180_000)

test('predictions are ordered by keyboard, followed to their end, and read joint by joint with the phantom’s warning', async () => {
  const { page } = computer
  await page.getByRole('link', { name: 'Model page' }).click()
  await page.getByText('This model was trained on synthetic phantoms alone.', { exact: false }).waitFor()
  await page.getByText('3 exams of 3 patients').waitFor()
  await looked(page, 'model')
  const test_ = page.getByRole('checkbox', { name: 'Test' })
  await test_.focus()
  await page.keyboard.press('Space')
  await page.getByText('locked', { exact: false }).first().waitFor()
  await page.keyboard.press('Space')
  const start = page.getByRole('button', { name: 'Start' })
  await start.focus()
  await page.keyboard.press('Enter')
  await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 60_000 })
  await page.getByText('3 of 3 exams').waitFor()
  await looked(page, 'run-done')
  await page.goBack()
  await page
    .getByRole('button', { name: /^Show the predictions of / })
    .first()
    .click()
  await page.getByRole('rowheader', { name: 'L4/5 left' }).waitFor()
  expect(await page.getByRole('dialog').getByRole('rowheader').count()).toBe(10)
  await looked(page, 'predictions')
  await page.keyboard.press('Escape')
}, 180_000)

test('an exam that came to nothing says why, in Chinese too, and a person tries again or goes without it', async () => {
  const { page } = computer
  const { db } = database()
  const { caller } = world.as('modeller')
  const { studyCode, studyId } = world
  const runId = await asSystemIn(db, world, async (wall) => {
    const { id } = await wall.modelRun.findFirstOrThrow({ where: { studyId } })
    const exams = await wall.modelRunExam.findMany({ where: { runId: id }, take: 2 })
    for (const { examId } of exams) {
      await wall.modelRunExam.update({
        where: { runId_examId: { runId: id, examId } },
        data: { state: 'failed', failureCode: 'IMAGE_DAMAGED', attempts: 6 },
      })
    }
    return id
  })
  await page.goto(`${study}/models/runs/${runId}`)
  await page.getByText('A stored image is damaged: its content is not its hash.').first().waitFor()
  await looked(page, 'run-failed')
  await page
    .getByRole('button', { name: /^Try again: P/ })
    .first()
    .click()
  await page.getByText('1 exam is in the queue again').waitFor()
  await page.getByRole('button', { name: 'Go without all of them' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('the disk of that night lost it')
  await looked(page, 'give-up')
  await dialog.getByRole('button', { name: 'Go without all of them' }).click()
  await page.getByText('Nothing has failed.').waitFor({ timeout: 30_000 })
  const shown = await caller.models.showRun({ studyCode, runId })
  expect(shown.counts).toMatchObject({ failed: 0, given_up: 1 })

  await page.getByRole('button', { name: '中文' }).click()
  await page.getByText('合成仿真体', { exact: false }).first().waitFor()
  await looked(page, 'run-chinese')
  expect(computer.complaints.filter((text) => !text.includes('409'))).toEqual([])
}, 120_000)
