import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aPersonalToken } from '@facetgrade/testing/personal-token'
import type { TestDatabase } from '@facetgrade/testing/postgres-fixture'
import type { PersonName, World } from '@facetgrade/testing/study-world'
import { runCli } from '../src/run-cli.ts'

const APPS = join(import.meta.dirname, '..', '..')
export type Answer = { status: number; out: string; err: string }

/** The product as it runs, api and worker as processes of their own, and a shell with one person's token. */
export async function anInstallation(database: TestDatabase, world: World, person: PersonName = 'coordinator') {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-cli-'))
  const url = `http://localhost:${await freePort()}`
  const variables = {
    ...process.env,
    DATABASE_URL: database.appUrl,
    FACETGRADE_DATA: join(folder, 'data'),
    FACETGRADE_URL: url,
    FACETGRADE_PORT: new URL(url).port,
    FACETGRADE_AUTH_SECRET: randomBytes(32).toString('hex'),
    FACETGRADE_LOG_LEVEL: 'error',
  }
  const children = new Set<ChildProcess>()
  const start = async (script: string): Promise<ChildProcess> => {
    const child = fork(join(APPS, script), {
      env: variables,
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.add(child)
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => {
        resolve()
      })
      child.once('exit', (code) => {
        reject(new Error(`${script} ended with ${String(code)} before it was ready`))
      })
    })
    return child
  }
  const stop = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    children.delete(child)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
  const token = await aPersonalToken(database.db, world.as(person).userId)
  const env = { ...process.env, FACETGRADE_URL: url, FACETGRADE_TOKEN: token, XDG_CONFIG_HOME: join(folder, 'config') }
  return {
    folder,
    env,
    startApi: () => start('api/src/main.ts'),
    startWorker: () => start('worker/src/main.ts'),
    stop,
    async facetgrade(...args: string[]): Promise<Answer> {
      const answer = { out: '', err: '' }
      const status = await runCli(args, {
        env,
        out: (text) => {
          answer.out += text
        },
        err: (text) => {
          answer.err += text
        },
        isTerminal: false,
        now: () => performance.now(),
      })
      return { status, ...answer }
    },
    async close() {
      await Promise.all([...children].map((child) => stop(child, 'SIGTERM')))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type Installation = Awaited<ReturnType<typeof anInstallation>>

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.listen(0, 'localhost', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address) resolve(address.port)
        else reject(new Error('no port'))
      })
    })
  })
