import { parentPort, workerData } from 'node:worker_threads'
import { contentHash } from './content-hash.ts'
import type { ParseAnswer, ParseTask, ParseWorkerData } from './node-parse-task.ts'
import { pseudonymise } from './pseudonymise.ts'
import type { PseudonymiseOutcome } from './pseudonymised-file.ts'
import { openStudyKey } from './study-key.ts'
import { verify } from './verify.ts'

/** Body of a pool worker: one file after another, whatever they hold. Killed from outside when one takes too long. */
const data = workerData as ParseWorkerData
const key = data.keyed ? openStudyKey(data.keyed.keyFile, data.keyed.studyCode) : null

const say = (answer: ParseAnswer, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(answer, [...moved])

async function verifyAll(task: Extract<ParseTask, { kind: 'verify' }>): Promise<void> {
  const { bytes, keyFingerprint } = task
  for (const { offset, length } of task.places) {
    say({ kind: 'verified', outcome: await verify(bytes.subarray(offset, offset + length), { keyFingerprint }) })
  }
  say({ kind: 'returned', bytes }, [bytes.buffer])
}

async function pseudonymiseOne(task: Extract<ParseTask, { kind: 'pseudonymise' | 'name' }>): Promise<void> {
  if (key === null || data.keyed === null) throw new Error('the pool was opened without a key')
  const outcome = await pseudonymise(task.bytes, key, data.keyed.context)
  if (task.kind === 'pseudonymise') return say({ kind: 'pseudonymised', outcome }, ownBuffer(outcome))
  if (outcome.outcome !== 'accepted') return say({ kind: 'named', outcome })
  const named = { ...outcome, contentHash: await contentHash([outcome.bytes]) }
  say({ kind: 'named', outcome: named }, ownBuffer(outcome))
}

const ownBuffer = (outcome: PseudonymiseOutcome): ArrayBuffer[] =>
  outcome.outcome === 'accepted' ? [outcome.bytes.buffer] : []

parentPort?.on('message', (task: ParseTask) => {
  void (task.kind === 'verify' ? verifyAll(task) : pseudonymiseOne(task))
})
