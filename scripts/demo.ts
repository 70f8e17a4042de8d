import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { signUp } from '../apps/cli/src/demo/sign-up.ts'
import { ROOT } from './supervisor-settings.ts'

/**
 * `pnpm demo`: the product on a data folder and port of its own (data/demo, 3030), so that it stands beside an
 * installation that people use; then `facetgrade demo` as that installation's administrator. Stays up until Ctrl-C;
 * with `--exit` it stops when the study is made. All other options are those of `facetgrade demo`.
 */
const args = process.argv.slice(2).filter((arg) => arg !== '--exit' && arg !== '--')
const isExiting = process.argv.includes('--exit')
const dataFolder = process.env['FACETGRADE_DEMO_DATA'] ?? join(ROOT, 'data', 'demo')
const port = process.env['FACETGRADE_DEMO_PORT'] ?? '3030'
const address = `http://localhost:${port}`
const administratorFile = join(dataFolder, 'demo-administrator.json')
const Administrator = z.object({ token: z.string() })

mkdirSync(dataFolder, { recursive: true, mode: 0o755 })
const product = spawn(process.execPath, [join(ROOT, 'scripts', 'start.ts')], {
  env: { ...process.env, NODE_ENV: 'production', FACETGRADE_DATA: dataFolder, FACETGRADE_PORT: port },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(product, 'exit')
let making: ChildProcess | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    making?.kill('SIGTERM')
    product.kill('SIGTERM')
  })
}

try {
  process.exitCode = await demo()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = await stopped(1)
}

async function demo(): Promise<number> {
  const greeting = await Promise.race([greetingOf(product), ended.then(() => undefined)])
  if (greeting === undefined) return product.exitCode ?? 1
  const token = await administratorToken(/\/invitation#(\S+)/.exec(greeting)?.[1])
  if (token === undefined) {
    process.stderr.write(
      `${dataFolder} has an administrator that this command did not make. Name another folder with FACETGRADE_DEMO_DATA.\n`,
    )
    return stopped(3)
  }
  making = spawn(process.execPath, ['--no-warnings', join(ROOT, 'apps/cli/src/main.ts'), 'demo', ...args], {
    env: { ...process.env, FACETGRADE_URL: address, FACETGRADE_TOKEN: token, FACETGRADE_DATA: dataFolder },
    stdio: 'inherit',
  })
  await once(making, 'exit')
  const status = making.exitCode ?? 1
  if (status !== 0 || isExiting || product.exitCode !== null) return stopped(status)
  process.stdout.write('\nThe demo runs until Ctrl-C. Begun again it is as it was, and prints fresh links.\n')
  await ended
  return 0
}

async function stopped(status: number): Promise<number> {
  if (product.exitCode === null) product.kill('SIGTERM')
  await ended
  return status
}

/** All that the product says until it runs; passed on but for its first administrator's link, which is used here. */
function greetingOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      const isGreeted = said.includes('is running at')
      said += chunk.toString()
      if (!said.includes('is running at')) process.stdout.write(chunk)
      else if (!isGreeted) process.stdout.write(`FacetGrade is running at ${address}\n`)
      // The link stands in the lines after the address; the last line names the logs.
      if (said.includes('is running at') && said.includes('Logs:')) done(said)
    })
  })
}

/** The demo's own administrator: made on a new installation, remembered afterwards. */
async function administratorToken(secret: string | undefined): Promise<string | undefined> {
  if (existsSync(administratorFile))
    return Administrator.parse(JSON.parse(readFileSync(administratorFile, 'utf8'))).token
  if (secret === undefined) return undefined
  const made = await signUp(address, {
    secret,
    name: 'Demo administrator',
    email: 'administrator@facetgrade.invalid',
  })
  writeFileSync(administratorFile, JSON.stringify(made), { mode: 0o600, flag: 'wx' })
  return made.token
}
