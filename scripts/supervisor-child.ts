import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, type Settings, StartRefusal, type Variables } from './supervisor-settings.ts'

const LEASH = join(ROOT, 'scripts', 'supervisor-leash.ts')
const MAX_LOG_BYTES = 20 * 1024 * 1024
/** A life shorter than this counts as a failure to start; the wait before the next try doubles, up to two seconds. */
const SHORT_LIFE_MS = 10_000
const FIRST_WAIT_MS = 200
const MAX_WAIT_MS = 2000
/** Failures to start, before the first success, after which the supervisor gives up and shows the log. */
const MAX_FIRST_FAILURES = 4
/** Accidents in a row that are told; the log has them all. */
const MAX_TOLD = 5
const STOP_GRACE_MS = 7000

export type ChildPlan = { name: string; script: string; args?: readonly string[]; cwd?: string; variables: Variables }
export type Child = {
  /** First message that says ready; rejects with a StartRefusal when the child never gets there. */
  ready: Promise<unknown>
  /** It got going, though it sends no such message itself: from now on its deaths are accidents. */
  confirm(): void
  stop(): Promise<void>
  /** Ends the process; it starts again at once. For reload in development. */
  restart(): void
}
type Watch = {
  log: Settings['FACETGRADE_LOGS']
  dataFolder: string
  say: (line: string) => void
  onMessage?: (message: unknown) => void
}

/** Keeps one process alive until told to stop. Processes lead groups of their own: a Ctrl-C reaches the supervisor alone. */
export function keepAlive(plan: ChildPlan, watch: Watch): Child {
  let current: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopping = false
  let isReady = false
  let failures = 0
  const { promise: ready, resolve, reject } = Promise.withResolvers<unknown>()
  ready.catch(() => undefined) // read by whoever waits; a later death is no longer theirs

  const start = () => {
    const startedAt = Date.now()
    const output = outputOf(plan.name, watch)
    const child = spawn(process.execPath, ['--no-warnings', '--import', LEASH, plan.script, ...(plan.args ?? [])], {
      cwd: plan.cwd ?? ROOT,
      env: { ...process.env, NODE_COMPILE_CACHE: join(watch.dataFolder, 'compile-cache'), ...plan.variables },
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    })
    if (typeof output === 'number') closeSync(output)
    current = child
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null) return
      if ('refusal' in message) reject(new StartRefusal(String(message.refusal)))
      watch.onMessage?.(message)
      if (!('ready' in message)) return
      isReady = true
      failures = 0
      resolve(message)
    })
    child.once('exit', (code, signal) => {
      if (isStopping) return undefined
      failures = Date.now() - startedAt < SHORT_LIFE_MS ? failures + 1 : 0
      if (!isReady && failures >= MAX_FIRST_FAILURES)
        return reject(new StartRefusal(`${plan.name} does not start.\n${lastLines(plan.name, watch)}`))
      const wait = failures === 0 ? 0 : Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
      if (failures <= MAX_TOLD) watch.say(`${plan.name} stopped (${signal ?? `exit ${code}`}); starting it again`)
      timer = setTimeout(start, wait)
      return undefined
    })
  }
  start()
  return {
    ready,
    confirm: () => {
      isReady = true
    },
    restart: () => {
      failures = 0
      current?.kill('SIGTERM')
    },
    stop: async () => {
      isStopping = true
      clearTimeout(timer)
      if (current) await end(current)
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
  await exited
  clearTimeout(timer)
}

const logFile = (name: string, dataFolder: string) => join(dataFolder, 'logs', `${name}.log`)

function outputOf(name: string, watch: Watch): 'inherit' | number {
  if (watch.log === 'stdout') return 'inherit'
  const file = logFile(name, watch.dataFolder)
  mkdirSync(join(watch.dataFolder, 'logs'), { recursive: true })
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}

function lastLines(name: string, watch: Watch): string {
  const file = logFile(name, watch.dataFolder)
  if (watch.log === 'stdout' || !existsSync(file)) return ''
  return `The end of ${file}:\n${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n')}`
}
