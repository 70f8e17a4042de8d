import { existsSync } from 'node:fs'
import registryChromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const SYSTEM_CHROMIUM = '/usr/bin/chromium'
/** WebGL in software, no request of the browser's own. */
const FLAGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
]

export type Language = 'en' | 'zh-CN'
export type Computer = { context: BrowserContext; page: Page; complaints: readonly string[] }

/** The machine's Chromium, or the one inside the registry's package where none is installed. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : await registryChromium.executablePath()
  return chromium.launch({ executablePath, args: FLAGS })
}

/**
 * One person's computer: cookies of its own and a platform authenticator that always recognises its user, so passkeys
 * work. `complaints` collects what the page's console called an error.
 */
export async function aComputer(
  browser: Browser,
  options: { language?: Language; width?: number; height?: number } = {},
): Promise<Computer> {
  const { language = 'en', width = 1366, height = 768 } = options
  const context = await browser.newContext({ locale: language, viewport: { width, height }, acceptDownloads: true })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { context, page, complaints }
}

export type NewPerson = { name: string; password: string; pin: string; email?: string }

/** Accepts an invitation on the screens (English): name, password, a passkey, a PIN. Ends on "My studies". */
export async function acceptInvitation(page: Page, link: string, person: NewPerson): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(person.name)
  if (person.email !== undefined) await page.getByLabel('Email address').fill(person.email)
  await page.getByLabel('New password').fill(person.password)
  await page.getByLabel('The same password again').fill(person.password)
  await page.getByRole('button', { name: 'Create my account' }).click()
  await page.getByRole('button', { name: 'Make a passkey on this device' }).click()
  await page.getByLabel('New PIN').fill(person.pin)
  await page.getByLabel('The same PIN again').fill(person.pin)
  await page.getByRole('button', { name: 'Set the PIN' }).click()
  await page.getByRole('heading', { name: 'My studies' }).waitFor()
}

/** Signs in with the passkey that this computer made. */
export async function signInWithPasskey(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('heading', { name: 'My studies' }).waitFor()
}
