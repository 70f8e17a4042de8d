import { fork, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { aComputer, launchBrowser } from '@facetgrade/testing/browser'
import { adjudicateAll, aReadStudy, unsealWithDefaultPlan } from '@facetgrade/testing/evaluated-study'
import { gradableExams } from '@facetgrade/testing/gradable-exams'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { graded, notAssessable } from '@facetgrade/testing/signed-readings'
import { aWorld, TEST_PIN, type PersonName } from '@facetgrade/testing/study-world'
import { hashPassword } from '@facetgrade/study/people/password-hash'
import { sampleDicom } from '@facetgrade/dicom/sample-dicom'
import { openBlobFolder } from '../../../packages/storage/src/blob-store.ts'
import { expect, test } from 'vitest'
const database = useTestDatabase()
test('screens', { timeout: 400_000 }, async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind: 'synthetic' })
  const { studyCode } = world
  const folder = mkdtempSync('/tmp/zz-screens-')
  mkdirSync(join(folder, 'blobs'), { recursive: true })
  const [blobHash = ''] = await (await openBlobFolder(join(folder, 'blobs'))).put([sampleDicom({ kind: 'ct' })])
  const patients = await aReadStudy(db, world, {
    roster: [
      { part: 'test', modalities: ['ct'] },
      { part: 'test', modalities: ['ct'] },
      { part: 'test', modalities: ['ct'] },
    ],
    answer: (reader, p, cell) =>
      p === 0 && reader === 'S1' && cell.level === 'L4L5' && cell.feature === 'cyst'
        ? cell.side === 'left'
          ? graded(3)
          : notAssessable
        : graded((p + cell.feature.length + (reader === 'J1' && cell.side === 'left' ? 1 : 0)) % 3),
  })
  await gradableExams(db, world, patients, blobHash)
  const hash = await hashPassword(TEST_PIN)
  const tokens = new Map<PersonName, string>()
  for (const name of ['S1', 'S2', 'investigator'] as const) {
    const { userId } = world.as(name)
    await db.signingPin.create({ data: { userId, hash } })
    await db.user.update({ where: { id: userId }, data: { twoFactorEnabled: true } })
    const token = `fgt_${randomBytes(32).toString('base64url')}`
    await db.personalToken.create({
      data: {
        userId,
        name: 't',
        hash: createHash('sha256').update(token).digest('hex'),
        expiresAt: new Date(Date.now() + 3600_000),
      },
    })
    tokens.set(name, token)
  }
  const [port, pages] = [38123, 38124]
  const origin = `http://localhost:${port}`
  const next = spawn(
    process.execPath,
    [join(import.meta.dirname, '..', 'node_modules', 'next', 'dist', 'bin', 'next'), 'start', '-p', String(pages)],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, NODE_ENV: 'production', FACETGRADE_URL: origin },
      stdio: 'inherit',
    },
  )
  const api = fork(join(import.meta.dirname, '..', '..', 'api', 'src', 'main.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: database().appUrl,
      FACETGRADE_DATA: folder,
      FACETGRADE_URL: origin,
      FACETGRADE_PORT: String(port),
      FACETGRADE_PORTAL_URL: `http://127.0.0.1:${pages}`,
      FACETGRADE_AUTH_SECRET: 'x'.repeat(40),
      FACETGRADE_LOG_LEVEL: 'warn',
    },
    execArgv: ['--no-warnings'],
  })
  await new Promise((done) => api.once('message', done))
  await new Promise((done) => setTimeout(done, 4000))
  const browser = await launchBrowser()
  try {
    const as = async (name: PersonName) => {
      const computer = await aComputer(browser, { width: 1400, height: 900 })
      await computer.context.setExtraHTTPHeaders({ authorization: `Bearer ${tokens.get(name)}` })
      return computer
    }
    const axe = async (page: import('playwright-core').Page, what: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      console.log(
        what,
        'axe:',
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`),
      )
    }
    const s1 = await as('S1')
    const shot = (page: import('playwright-core').Page, name: string) =>
      page.screenshot({ path: `/tmp/zz-${name}.png` })
    await s1.page.goto(`${origin}/studies/${studyCode}/adjudication`)
    await s1.page
      .getByRole('link', { name: /Adjudicate case/ })
      .first()
      .waitFor({ timeout: 60_000 })
      .catch(() => undefined)
    await shot(s1.page, 'rooms')
    await axe(s1.page, 'rooms')
    await s1.page
      .getByRole('link', { name: /Adjudicate case/ })
      .first()
      .click()
    await s1.page.getByTestId('adjudication-room').waitFor({ timeout: 60_000 })
    await s1.page.waitForTimeout(3000)
    await shot(s1.page, 'room')
    await axe(s1.page, 'room')
    await s1.page.keyboard.press('a')
    await s1.page.waitForTimeout(1500)
    await s1.page.keyboard.press('2')
    await s1.page.waitForTimeout(2500)
    await shot(s1.page, 'room-decided')
    await s1.page.getByRole('button', { name: 'Confirm', exact: true }).click()
    await s1.page.getByLabel(/PIN/).last().fill(TEST_PIN)
    await shot(s1.page, 'proof')
    await s1.page.getByRole('button', { name: 'Confirm', exact: true }).last().click()
    await s1.page.getByText('You have confirmed. The other reader').waitFor({ timeout: 20_000 })
    const s2 = await as('S2')
    await s2.page.goto(s1.page.url())
    await s2.page.getByText('Yours is the last confirmation').waitFor({ timeout: 60_000 })
    await s2.page.getByRole('button', { name: 'Confirm', exact: true }).click()
    await s2.page.getByLabel(/PIN/).last().fill(TEST_PIN)
    await s2.page.getByRole('button', { name: 'Confirm', exact: true }).last().click()
    await s2.page.getByText('These decisions are the consensus').waitFor({ timeout: 20_000 })
    await s1.page.getByText('These decisions are the consensus').waitFor({ timeout: 20_000 })
    await shot(s2.page, 'confirmed')
    console.log(
      'cells',
      await asSystemIn(db, world, (wall) => wall.consensusCell.count({ where: { origin: 'adjudicated' } })),
    )
    await adjudicateAll(world, ['J1', 'J2'], () => graded(1))
    const inv = await as('investigator')
    await inv.page.goto(`${origin}/studies/${studyCode}/evaluation`)
    await inv.page.getByRole('button', { name: 'Derive reference' }).click({ timeout: 60_000 })
    await inv.page.waitForTimeout(1500)
    await shot(inv.page, 'derive')
    await inv.page.getByRole('dialog').getByRole('button', { name: 'Derive reference' }).click()
    await inv.page.getByText('Valid').first().waitFor({ timeout: 20_000 })
    await inv.page.getByRole('button', { name: 'New plan' }).click()
    await inv.page.waitForTimeout(1500)
    await axe(inv.page, 'new plan')
    await inv.page.getByRole('button', { name: 'Create plan' }).click()
    await inv.page.getByRole('button', { name: 'Lock', exact: true }).click()
    await inv.page.getByRole('dialog').getByRole('button', { name: 'Lock', exact: true }).click()
    await inv.page
      .getByText(/^.?Locked/)
      .first()
      .waitFor({ timeout: 20_000 })
    await inv.page.getByRole('button', { name: 'Open the test part' }).click()
    await inv.page.getByRole('textbox').fill('first evaluation as planned')
    await shot(inv.page, 'unseal')
    await axe(inv.page, 'unseal')
    await inv.page.getByRole('dialog').getByRole('button', { name: 'Open the test part' }).click()
    await inv.page.getByText('first evaluation as planned').waitFor({ timeout: 20_000 })
    await inv.page.getByRole('button', { name: 'Run evaluation' }).click()
    await inv.page.getByTestId('J1/ct/cyst/accuracy').waitFor({ timeout: 30_000 })
    await axe(inv.page, 'results')
    await inv.page.screenshot({ path: '/tmp/zz-results.png', fullPage: true })
    await inv.page.goto(`${origin}/studies/${studyCode}/exports`)
    await inv.page.getByRole('link', { name: 'Download grade-events.csv' }).waitFor({ timeout: 30_000 })
    await shot(inv.page, 'exports')
    await axe(inv.page, 'exports')
    const [got] = await Promise.all([
      inv.page.waitForEvent('download'),
      inv.page.getByRole('link', { name: 'Download grade-events.csv' }).click(),
    ])
    console.log('download', got.suggestedFilename())
    console.log('complaints', s1.complaints, s2.complaints, inv.complaints)
    expect(true).toBe(true)
  } finally {
    await browser.close()
    api.kill('SIGKILL')
    next.kill('SIGKILL')
  }
})
