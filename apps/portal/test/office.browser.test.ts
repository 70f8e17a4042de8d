import { AxeBuilder } from '@axe-core/playwright'
import {
  aComputer,
  acceptInvitation,
  type Computer,
  launchBrowser,
  signInWithPasskey,
} from '@facetgrade/testing/browser'
import { type RunningProduct, startProduct } from '@facetgrade/testing/running-product'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PASSWORD = 'seven-turtles-under-glass'
const PIN = '271828'

let product: RunningProduct
let browser: Browser
let administrator: Computer
let reader: Computer

beforeAll(async () => {
  product = await startProduct()
  browser = await launchBrowser()
  administrator = await aComputer(browser)
  reader = await aComputer(browser)
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function expectNoBarrier(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

async function isShown(page: Page, text: string): Promise<boolean> {
  const place = page.getByText(text)
  await place.waitFor()
  return place.isVisible()
}

async function expectReadable(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(`${product.origin}${path}`)
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  await expectNoBarrier(page)
}

test('whoever is signed out is led to sign-in, and the first link makes the administrator, once', async () => {
  const { page } = administrator
  await page.goto(`${product.origin}/account`)
  await page.waitForURL('**/sign-in?next=%2Faccount')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await expectNoBarrier(page)
  const link = product.invitation ?? ''
  await page.goto(link)
  await page.getByLabel('New password').fill('lumbar2024')
  await page.getByText('weak', { exact: true }).waitFor()
  await expectNoBarrier(page)
  await acceptInvitation(page, link, { name: 'Zhang Wei', email: 'zhang@example.test', password: PASSWORD, pin: PIN })
  await expectNoBarrier(page)
  const { page: late } = reader
  await late.goto(link)
  expect(await isShown(late, 'This invitation is no longer valid')).toBe(true)
})

test('an administrator founds a study and invites a reader, whose code comes from the group', async () => {
  const { page } = administrator
  await expectReadable(page, '/create-study', 'Create a study')
  await page.getByLabel('Study code').fill('facet')
  await page.getByLabel('Title').fill('Lumbar facet joints')
  await page.getByRole('button', { name: 'Create a study' }).click()
  await page.getByRole('heading', { name: 'Lumbar facet joints', level: 1 }).waitFor()
  await expectReadable(page, '/studies/facet/members', 'Members')
  await page.getByRole('button', { name: 'Invite a member' }).click()
  await page.getByLabel('Name').fill('Liu Yang')
  await page.getByLabel('Email address').fill('liu@example.test')
  await page.getByLabel('Role', { exact: true }).selectOption('reader')
  await page.getByLabel('Reader group').selectOption('junior')
  await expectNoBarrier(page)
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await page.getByLabel('Invitation link').inputValue()
  await expectNoBarrier(page)
  await page.getByRole('button', { name: 'Done' }).click()
  expect(await isShown(page, 'J1 · junior')).toBe(true)
  await acceptInvitation(reader.page, link, { name: 'Liu Yang', password: PASSWORD, pin: PIN })
})

test('a reader finds the study, is offered nothing but a reader’s screens, and no other study', async () => {
  const { page } = reader
  await expectReadable(page, '/studies/facet', 'Lumbar facet joints')
  const offered = await page.getByRole('navigation', { name: 'Study' }).getByRole('link').allInnerTexts()
  expect(offered).toEqual(['Overview', 'My readings', 'Adjudication', 'Protocol'])
  await page.goto(`${product.origin}/studies/someone-elses`)
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
})

test('a protocol is amended by its difference and a reason; a contradiction names its path', async () => {
  const { page } = administrator
  await expectReadable(page, '/studies/facet/protocol', 'Protocol')
  await page.getByRole('link', { name: 'Amend' }).click()
  const document = page.getByLabel('Or edit here (JSON)')
  const standing = await document.inputValue()
  await document.fill(standing.replaceAll('"role": "reference"', '"role": "compared"'))
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByText('readerGroups', { exact: false }).first().waitFor()
  await document.fill(standing.replace('"plannedPatients": 700', '"plannedPatients": 1132'))
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('heading', { name: 'Valid. 1 change' }).waitFor()
  await expectNoBarrier(page)
  await page.getByRole('button', { name: 'Go on to the reason' }).click()
  await page.getByRole('textbox', { name: 'Reason' }).fill('Registry version of 2024')
  await page.getByRole('button', { name: 'Make version 2' }).click()
  expect(await isShown(page, 'Reason given: Registry version of 2024')).toBe(true)
})

test('an ended session keeps what is on the screen, and what was being saved is saved after signing in again', async () => {
  const { page, context } = administrator
  await expectReadable(page, '/account', 'Your account')
  await page.getByLabel('New PIN').fill('314159')
  await page.getByLabel('The same PIN again').fill('314159')
  await context.clearCookies({ name: /session_token/ })
  await page.getByRole('button', { name: 'Set a new PIN' }).click()
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  expect(await isShown(page, 'The PIN was set.')).toBe(true)
})

test('every office screen speaks Chinese, without a barrier', async () => {
  const { page, context } = administrator
  await context.addCookies([{ name: 'facetgrade-locale', value: 'zh-CN', url: product.origin }])
  await expectReadable(page, '/', '我的研究')
  await expectReadable(page, '/account', '您的账户')
  await expectReadable(page, '/administration', '系统人员')
  await expectReadable(page, '/studies/facet/members', '成员')
  await expectReadable(page, '/studies/facet/protocol', '方案')
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await context.addCookies([{ name: 'facetgrade-locale', value: 'en', url: product.origin }])
})

test('signing out forgets the person, and a passkey brings them back', async () => {
  const { page } = reader
  await page.goto(product.origin)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signInWithPasskey(page, product.origin)
  expect(reader.complaints.filter((complaint) => !/40[134]/.test(complaint))).toEqual([])
})
