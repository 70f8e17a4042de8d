import { Worker } from 'node:worker_threads'
import { LIMITS } from './limits.ts'
import type { ParseAnswer, ParseTask, ParseWorkerData } from './node-parse-task.ts'
import { type Refused, refused } from './outcome-codes.ts'
import type { PseudonymiseOutcome, VerifyOutcome } from './pseudonymised-file.ts'

export type ParsePool = {
  /** The bytes are moved to the worker: where they fill their buffer they are gone here. */
  pseudonymise(bytes: Uint8Array<ArrayBuffer>): Promise<PseudonymiseOutcome>
  verify(bytes: Uint8Array<ArrayBuffer>, options: { keyFingerprint: string }): Promise<VerifyOutcome>
  close(): Promise<void>
}

type Job = { task: ParseTask; resolve(outcome: ParseAnswer['outcome'] | Refused): void }
type Member = { worker: Worker; job: Job | null; timer: NodeJS.Timeout | null }

/**
 * Workers that read untrusted bytes and can be killed: a file that takes 30 s, or whose worker runs out of memory, is
 * answered with PARSE_TIMEOUT or PARSE_CRASHED, and the next file gets a fresh worker.
 *
 * The heap of a worker is capped by V8; what lies outside the heap (buffers) is bounded by `LIMITS`.
 */
export function openNodePool(options: {
  size: number
  keyed: ParseWorkerData['keyed']
  timeoutMs?: number
}): ParsePool {
  const waiting: Job[] = []
  const members = new Set<Member>()
  let isClosed = false

  const settle = (member: Member, outcome: ParseAnswer['outcome'] | Refused): void => {
    const { job } = member
    member.job = null
    if (member.timer) clearTimeout(member.timer)
    member.timer = null
    job?.resolve(outcome)
  }
  const give = (member: Member): void => {
    if (member.job !== null) return
    const job = waiting.shift()
    if (job === undefined) return member.worker.unref()
    member.job = job
    member.worker.ref()
    member.timer = setTimeout(() => {
      retire(member, 'PARSE_TIMEOUT')
    }, options.timeoutMs ?? LIMITS.parseMs)
    try {
      member.worker.postMessage(job.task, [job.task.bytes.buffer])
    } catch {
      // Bytes that cannot be moved (a view of Node's shared pool, or moved before) are the file's own failure.
      settle(member, refused('PARSE_CRASHED'))
      give(member)
    }
  }
  const retire = (member: Member, code: 'PARSE_TIMEOUT' | 'PARSE_CRASHED'): void => {
    if (!members.delete(member)) return
    settle(member, refused(code))
    void member.worker.terminate()
    if (!isClosed && waiting.length > 0) hire()
  }
  const hire = (): void => {
    const worker = new Worker(new URL('./node-parse-child.ts', import.meta.url), {
      workerData: { keyed: options.keyed } satisfies ParseWorkerData,
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.childMemoryMib / 2 },
    })
    const member: Member = { worker, job: null, timer: null }
    members.add(member)
    worker.on('message', (answer: ParseAnswer) => {
      settle(member, answer.outcome)
      give(member)
    })
    worker.on('error', () => {
      retire(member, 'PARSE_CRASHED')
    })
    worker.on('exit', () => {
      retire(member, 'PARSE_CRASHED')
    })
    give(member)
  }
  const run = (task: ParseTask): Promise<ParseAnswer['outcome'] | Refused> => {
    if (isClosed) throw new Error('the pool is closed')
    const isWhole = task.bytes.byteLength === task.bytes.buffer.byteLength
    const bytes = isWhole ? task.bytes : new Uint8Array(task.bytes)
    return new Promise((resolve) => {
      waiting.push({ task: { ...task, bytes }, resolve })
      for (const member of members) give(member)
      if (waiting.length > 0 && members.size < options.size) hire()
    })
  }
  return {
    pseudonymise: async (bytes) => (await run({ kind: 'pseudonymise', bytes })) as PseudonymiseOutcome,
    verify: async (bytes, { keyFingerprint }) =>
      (await run({ kind: 'verify', bytes, keyFingerprint })) as VerifyOutcome,
    async close() {
      isClosed = true
      const all = [...members]
      members.clear()
      await Promise.all(all.map(({ worker }) => worker.terminate()))
      for (const member of all) settle(member, refused('PARSE_CRASHED'))
      for (const job of waiting.splice(0)) job.resolve(refused('PARSE_CRASHED'))
    },
  }
}
