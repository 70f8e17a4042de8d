import { parentPort, workerData } from 'node:worker_threads'
import type { ParseAnswer, ParseTask, ParseWorkerData } from './node-parse-task.ts'
import { pseudonymise } from './pseudonymise.ts'
import { openStudyKey } from './study-key.ts'
import { verify } from './verify.ts'

/** Body of a pool worker: one file at a time, whatever it holds. Killed from outside when it takes too long. */
const data = workerData as ParseWorkerData
const key = data.keyed ? openStudyKey(data.keyed.keyFile, data.keyed.studyCode) : null

async function answer(task: ParseTask): Promise<ParseAnswer> {
  if (task.kind === 'verify') return { kind: 'verify', outcome: await verify(task.bytes, task) }
  if (key === null || data.keyed === null) throw new Error('the pool was opened without a key')
  return { kind: 'pseudonymise', outcome: await pseudonymise(task.bytes, key, data.keyed.context) }
}

parentPort?.on('message', (task: ParseTask) => {
  void answer(task).then((result) => {
    const moved =
      result.kind === 'pseudonymise' && result.outcome.outcome === 'accepted' ? [result.outcome.bytes.buffer] : []
    parentPort?.postMessage(result, moved)
  })
})
