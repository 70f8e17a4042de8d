import { Worker } from 'node:worker_threads'
import type { ReportTask } from './report-task.ts'

const TIMEOUT_MS = 180_000

let last: Promise<unknown> = Promise.resolve()

/**
 * Makes a file in a thread of its own, one after another: seconds of drawing must not hold up readers who grade, and ten
 * reports at once not fill the memory.
 *
 * @returns undefined for a figure that the evaluation does not have
 */
export function makeReport(task: ReportTask): Promise<Uint8Array | undefined> {
  const made = last.then(() => inWorker(task))
  last = made.catch(() => undefined)
  return made
}

function inWorker(task: ReportTask): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./report-worker.ts', import.meta.url), { workerData: task })
    const timer = setTimeout(() => {
      void worker.terminate()
      reject(new Error(`a report was not made within ${TIMEOUT_MS} ms`))
    }, TIMEOUT_MS)
    worker.once('message', (file: Uint8Array | undefined) => {
      clearTimeout(timer)
      resolve(file)
    })
    worker.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    worker.once('exit', (code) => {
      clearTimeout(timer)
      if (code !== 0) reject(new Error(`report-worker ended with ${code}`))
    })
  })
}
