import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { ModelGrades, ProposedPoints } from '@facetgrade/grading/model-answer'
import type { ExamTask } from '@facetgrade/study/predictions/exam-task'
import type { ComputedBy } from '@facetgrade/study/predictions/record-result'
import type { Logger } from 'pino'
import { InferenceFailure } from './inference-failure.ts'
import { FromModel, type ProviderChoice, type ToModel } from './model-message.ts'

const CHILD = join(import.meta.dirname, 'model-process-main.ts')
const OPEN_MS = 120_000
/** Well under the job's own expiry, so that a hung process is killed by its worker and not orphaned by the queue. */
const EXAM_MS = 240_000
const IDLE_MS = 300_000
const STOP_MS = 3000

export type ModelAnswer =
  | { readonly kind: 'graded'; readonly grades: ModelGrades; readonly by: ComputedBy }
  | { readonly kind: 'proposed'; readonly proposed: ProposedPoints; readonly by: ComputedBy }

export type ModelProcesses = {
  /** @throws {InferenceFailure} with the code of what went wrong */
  run(task: ExamTask): Promise<ModelAnswer>
  close(): Promise<void>
}

export type ModelProcessSettings = {
  folders: { models: string; blobs: string }
  provider: ProviderChoice
  threads: number
  /** How many models are held at once; the one that has rested longest makes room. */
  atMost: number
  idleMs?: number
  log: Logger
}

type Pending = {
  resolve(answer: ModelAnswer): void
  reject(failure: InferenceFailure): void
  timer: NodeJS.Timeout
}
type Opened = { executionProvider: string; versions: Record<string, string> }
type Held = {
  process: ChildProcess
  opened: Promise<Opened>
  pending: Map<number, Pending>
  /** Runs while nothing is pending. */
  idle: NodeJS.Timeout | undefined
  usedAt: number
}

/**
 * A process of its own for each model: `run()` of the runtime blocks, its sessions are dear to make, and a network that
 * crashes takes no queue connection with it. A process that dies, hangs or cannot open its model is gone after that, its
 * exams fail with a code, and the next exam of the model gets a new one.
 */
export function openModelProcesses(settings: ModelProcessSettings): ModelProcesses {
  const held = new Map<string, Held>()
  const { log, idleMs = IDLE_MS } = settings
  let tasks = 0
  let isClosed = false

  const release = (hash: string, one: Held, failure?: InferenceFailure): void => {
    if (held.get(hash) === one) held.delete(hash)
    clearTimeout(one.idle)
    for (const pending of one.pending.values()) {
      clearTimeout(pending.timer)
      pending.reject(failure ?? new InferenceFailure('PROCESS_DIED', 'the process of the model ended'))
    }
    one.pending.clear()
    one.process.kill('SIGKILL')
  }
  const rest = (hash: string, one: Held): void => {
    if (one.pending.size > 0) return
    clearTimeout(one.idle)
    one.idle = setTimeout(() => {
      log.info({ model: hash }, 'model released after resting')
      release(hash, one)
    }, idleMs)
    one.idle.unref()
  }
  const makeRoom = (): void => {
    if (held.size < settings.atMost) return
    const resting = [...held]
      .filter(([, one]) => one.pending.size === 0)
      .toSorted(([, a], [, b]) => a.usedAt - b.usedAt)
    const [oldest] = resting
    if (oldest) release(...oldest)
  }

  const hold = (task: ExamTask): Held => {
    const hash = task.key.modelHash
    const known = held.get(hash)
    if (known) return known
    makeRoom()
    const child = fork(CHILD, {
      serialization: 'advanced',
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const { promise: opened, resolve, reject } = Promise.withResolvers<Opened>()
    opened.catch(() => undefined) // read by every exam that waits for it
    const one: Held = { process: child, opened, pending: new Map(), idle: undefined, usedAt: Date.now() }
    held.set(hash, one)
    const fail = (failure: InferenceFailure): void => {
      reject(failure)
      release(hash, one, failure)
    }
    const patience = setTimeout(() => fail(new InferenceFailure('TOO_SLOW', 'the model did not open')), OPEN_MS)
    child.on('message', (raw) => {
      const parsed = FromModel.safeParse(raw)
      if (!parsed.success) return fail(new InferenceFailure('UNEXPECTED', `the model answered ${parsed.error.message}`))
      const said = parsed.data
      if (said.kind === 'ready') {
        clearTimeout(patience)
        const { executionProvider, versions } = said
        log.info(
          { model: hash, pid: child.pid, executionProvider, versions, threads: settings.threads },
          'model opened',
        )
        resolve({ executionProvider, versions })
      } else if (said.kind === 'refused') {
        fail(new InferenceFailure(said.failure, said.message))
      } else {
        answer(hash, one, said)
      }
    })
    child.once('exit', (code, signal) => {
      clearTimeout(patience)
      if (held.get(hash) !== one) return
      log.warn({ model: hash, code, signal }, 'the process of a model ended')
      fail(new InferenceFailure('PROCESS_DIED', `the process of the model ended with ${code ?? signal ?? 'nothing'}`))
    })
    child.once('error', (error) => fail(new InferenceFailure('PROCESS_DIED', error.message)))
    const { folders, provider, threads } = settings
    tell(one, { kind: 'open', model: task.model, folders, provider, threads })
    return one
  }

  const answer = (hash: string, one: Held, said: Exclude<FromModel, { kind: 'ready' | 'refused' }>): void => {
    const pending = one.pending.get(said.task)
    if (!pending) return
    clearTimeout(pending.timer)
    one.pending.delete(said.task)
    one.usedAt = Date.now()
    rest(hash, one)
    if (said.kind === 'failed') {
      pending.reject(new InferenceFailure(said.failure, said.message))
      return
    }
    one.opened.then(
      (opened) => {
        const by = { ...opened, elapsedMs: Math.round(said.elapsedMs) }
        pending.resolve(
          said.kind === 'graded'
            ? { kind: 'graded', grades: said.grades, by }
            : { kind: 'proposed', proposed: said.proposed, by },
        )
      },
      (failure: InferenceFailure) => pending.reject(failure),
    )
  }

  return {
    async run(task) {
      if (isClosed) throw new InferenceFailure('PROCESS_DIED', 'the worker is stopping')
      const one = hold(task)
      clearTimeout(one.idle)
      const hash = task.key.modelHash
      const number = (tasks += 1)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => release(hash, one, new InferenceFailure('TOO_SLOW', 'the model did not answer in time')),
          EXAM_MS,
        )
        one.pending.set(number, { resolve, reject, timer })
        tell(one, { kind: 'exam', task: number, purpose: task.purpose, exam: task.exam })
      })
    },
    async close() {
      isClosed = true
      const children = [...held.values()].map(({ process: child }) => child)
      const ended = children.map((child) => new Promise((done) => child.once('exit', done)))
      for (const [hash, one] of held) release(hash, one)
      await Promise.race([Promise.all(ended), new Promise((done) => setTimeout(done, STOP_MS).unref())])
    },
  }
}

/** A process that has just ended takes nothing any more; its exit fails what waits. */
const tell = (one: Held, message: ToModel): void => {
  if (one.process.connected) one.process.send(message, () => undefined)
}
