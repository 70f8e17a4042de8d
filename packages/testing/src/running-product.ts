import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..', '..')
/** A first build of the pages on a busy machine is the slow part. */
const START_PATIENCE_MS = 280_000

export type RunningProduct = {
  origin: string
  /** The one-time link of the first administrator; undefined when the data folder had one already. */
  invitation: string | undefined
  dataFolder: string
  /** Stops it as Ctrl-C does. The data folder stays unless the product made it up itself. */
  stop(): Promise<void>
}

/** The whole product as `pnpm start` runs it, on a free port, with a data folder of its own or the one given. */
export async function startProduct(options: { dataFolder?: string } = {}): Promise<RunningProduct> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'facetgrade-')))
  const port = await freePort()
  const supervisor = spawn(process.execPath, [join(ROOT, 'scripts', 'start.ts')], {
    env: { ...process.env, NODE_ENV: 'production', FACETGRADE_DATA: dataFolder, FACETGRADE_PORT: String(port) },
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
