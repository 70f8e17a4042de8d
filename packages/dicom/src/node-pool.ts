import { Worker } from 'node:worker_threads'
import { LIMITS } from './limits.ts'
import type { NamedOutcome, ParseAnswer, ParseTask, ParseWorkerData, Place } from './node-parse-task.ts'
import { refused } from './outcome-codes.ts'
import type { PseudonymiseOutcome, VerifyOutcome } from './pseudonymised-file.ts'

/** One answer for each place that was reached; a file that killed its worker has its refusal, the ones behind it none. */
export type VerifiedPack = {
  outcomes: readonly VerifyOutcome[]
  /** The bytes that were given, or null when they went with a worker. */
  bytes: Uint8Array<ArrayBuffer> | null
}

export type ParsePool = {
  /** The bytes are moved to the worker: where they fill their buffer they are gone here. */
  pseudonymise(bytes: Uint8Array<ArrayBuffer>): Promise<PseudonymiseOutcome>
  /** As `pseudonymise`, with the object's name, which an upload has no use for. */
  pseudonymiseNamed(bytes: Uint8Array<ArrayBuffer>): Promise<NamedOutcome>
  /** Every file of a pack by one worker, so that a pack is moved to and fro and never copied. */
  verify(
    bytes: Uint8Array<ArrayBuffer>,
    options: { places: readonly Place[]; keyFingerprint: string },
  ): Promise<VerifiedPack>
  close(): Promise<void>
}

type Code = 'PARSE_TIMEOUT' | 'PARSE_CRASHED'
type Job = {
  task: ParseTask
  /** True when it was the last answer. */
  answer(said: ParseAnswer): boolean
  fail(code: Code): void
}
type Member = { worker: Worker; job: Job | null; timer: NodeJS.Timeout | null }

/**
 * Workers that read untrusted bytes and can be killed: a file that takes too long, or whose worker runs out of memory, is
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

  const rest = (member: Member): Job | null => {
    const { job } = member
    if (member.timer) clearTimeout(member.timer)
    member.job = null
    member.timer = null
    return job
  }
  const watch = (member: Member): void => {
    if (member.timer) clearTimeout(member.timer)
    member.timer = setTimeout(() => {
      retire(member, 'PARSE_TIMEOUT')
    }, options.timeoutMs ?? LIMITS.parseMs)
  }
  const give = (member: Member): void => {
    if (member.job !== null) return
    const job = waiting.shift()
    if (job === undefined) return member.worker.unref()
    member.job = job
    member.worker.ref()
    watch(member)
    try {
      member.worker.postMessage(job.task, [job.task.bytes.buffer])
    } catch {
      // Bytes that cannot be moved (moved before) are the file's own failure.
      rest(member)?.fail('PARSE_CRASHED')
      give(member)
    }
  }
  const retire = (member: Member, code: Code): void => {
    if (!members.delete(member)) return
    rest(member)?.fail(code)
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
    worker.on('message', (said: ParseAnswer) => {
      // The clock runs for each file of a pack.
      if (member.job?.answer(said) === false) return watch(member)
      rest(member)
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
  const run = (job: Job): void => {
    if (isClosed) throw new Error('the pool is closed')
    waiting.push(job)
    for (const member of members) give(member)
    if (waiting.length > 0 && members.size < options.size) hire()
  }
  return {
    pseudonymise: (bytes) =>
      new Promise((resolve) => {
        run({
          task: { kind: 'pseudonymise', bytes: movable(bytes) },
          answer: (said) => {
            if (said.kind === 'pseudonymised') resolve(said.outcome)
            return true
          },
          fail: (code) => {
            resolve(refused(code))
          },
        })
      }),
    pseudonymiseNamed: (bytes) =>
      new Promise((resolve) => {
        run({
          task: { kind: 'name', bytes: movable(bytes) },
          answer: (said) => {
            if (said.kind === 'named') resolve(said.outcome)
            return true
          },
          fail: (code) => {
            resolve(refused(code))
          },
        })
      }),
    verify: (bytes, { places, keyFingerprint }) =>
      new Promise((resolve) => {
        const outcomes: VerifyOutcome[] = []
        run({
          task: { kind: 'verify', bytes: movable(bytes), places, keyFingerprint },
          answer: (said) => {
            if (said.kind === 'verified') outcomes.push(said.outcome)
            if (said.kind !== 'returned') return false
            resolve({ outcomes, bytes: said.bytes })
            return true
          },
          fail: (code) => {
            resolve({ outcomes: [...outcomes, refused(code)].slice(0, places.length), bytes: null })
          },
        })
      }),
    async close() {
      isClosed = true
      const all = [...members]
      members.clear()
      await Promise.all(all.map(({ worker }) => worker.terminate()))
      for (const member of all) rest(member)?.fail('PARSE_CRASHED')
      for (const job of waiting.splice(0)) job.fail('PARSE_CRASHED')
    },
  }
}

/** A view of a larger buffer (Node's shared pool, say) is copied: moving it would take its neighbours along. */
const movable = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
