import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')
/** A first build of the pages on a busy machine is the slow part. */
const START_PATIENCE_MS = 280_000

/** Arguments as /proc gives them, each followed by a zero byte. */
const COMMAND = {
  api: /apps\/api\/src\/main/,
  worker: /apps\/worker\/src\/main\.ts\0--except\0infer/,
  infer: /apps\/worker\/src\/main\.ts\0--queues\0infer/,
  portal: /next/,
} as const
export type ProductProcess = keyof typeof COMMAND

export type RunningProduct = {
  origin: string
  /** The one-time link of the first administrator; undefined when the data folder had one already. */
  invitation: string | undefined
  dataFolder: string
  /** Its process id now; undefined while it is not running. Needs /proc. */
  pidOf(name: ProductProcess): Promise<number | undefined>
  /** Stops it as Ctrl-C does. The data folder stays unless the product made it up itself. */
  stop(): Promise<void>
}

/** The whole product as `pnpm start` runs it, on a free port, with a data folder and a database of its own or those given. */
export async function startProduct(
  options: { dataFolder?: string; database?: { appUrl: string; ownerUrl: string } } = {},
): Promise<RunningProduct> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'facetgrade-')))
  const port = await freePort()
  const urls = options.database && {
    DATABASE_URL: options.database.appUrl,
    DATABASE_MIGRATION_URL: options.database.ownerUrl,
  }
  const own = { NODE_ENV: 'production' as const, FACETGRADE_DATA: dataFolder, FACETGRADE_PORT: String(port) }
  const supervisor = spawn(process.execPath, [join(ROOT, 'scripts', 'start.ts')], {
    env: { ...process.env, ...own, ...urls },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async () => {
    if (supervisor.exitCode === null) {
      supervisor.kill('SIGTERM')
      await once(supervisor, 'exit')
    }
    if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    const greeting = await greetingOf(supervisor, `http://localhost:${port}`)
    return {
      origin: `http://localhost:${port}`,
      invitation: /https?:\S+\/invitation#\S+/.exec(greeting)?.[0],
      dataFolder,
      pidOf: (name) => childOf(supervisor.pid ?? 0, COMMAND[name]),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function greetingOf(supervisor: ChildProcess, origin: string): Promise<string> {
  return new Promise((done, fail) => {
    let said = ''
    const patience = setTimeout(() => fail(new Error(`the product did not start in time:\n${said}`)), START_PATIENCE_MS)
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      // The link stands in the lines after the address; the last line names the logs.
      if (!said.includes(`running at ${origin}`) || !said.includes('Logs:')) return
      clearTimeout(patience)
      done(said)
    }
    supervisor.stdout?.on('data', listen)
    supervisor.stderr?.on('data', listen)
    supervisor.once('exit', (code) => {
      clearTimeout(patience)
      fail(new Error(`the product stopped with ${code}:\n${said}`))
    })
  })
}

async function childOf(parent: number, command: RegExp): Promise<number | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      const [stat, line] = await Promise.all(
        ['stat', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')),
      )
      const [state, parentPid] = (stat ?? '').replace(/^.*\) /s, '').split(' ')
      if (Number(parentPid) === parent && state !== 'Z' && command.test(line ?? '')) return Number(pid)
    } catch {
      // It ended between the listing and the look.
    }
  }
  return undefined
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))))
    })
  })
}
