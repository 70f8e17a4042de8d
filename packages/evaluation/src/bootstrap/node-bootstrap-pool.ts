import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { BootstrapJob } from './bootstrap-job.ts'
import type { WorkerMessage, WorkerTask } from './node-bootstrap-worker.ts'

type Run = {
  readonly seed: number
  readonly replicates: number
  readonly workers?: number
  readonly signal?: AbortSignal
  /** How many replicates are done, all workers together. */
  readonly onProgress?: (done: number) => void
}

/**
 * Cluster bootstrap over worker threads. The result does not depend on how many there are: replicate b draws from its own
 * stream of the seeded generator.
 *
 * @returns per metric of every statistic in turn its replicates in drawing order, null where undefined
 * @throws what the kernels throw on malformed input; an aborted `signal` ends the workers
 */
export async function bootstrapInWorkers(job: BootstrapJob, of: Run): Promise<(number | null)[][]> {
  const workers = Math.max(1, Math.min(of.workers ?? availableParallelism(), of.replicates))
  const share = Math.ceil(of.replicates / workers)
  const ranges = Array.from({ length: workers }, (_, w) => ({
    from: w * share,
    to: Math.min(of.replicates, (w + 1) * share),
  }))
  let done = 0
  const progressed = (count: number): void => {
    done += count
    of.onProgress?.(done)
  }
  const parts = await Promise.all(
    ranges
      .filter(({ from, to }) => from < to)
      .map((range) => inWorker({ job, seed: of.seed, ...range }, { signal: of.signal, progressed })),
  )
  return (parts[0] ?? []).map((_, row) =>
    parts.flatMap((part) => Array.from(part[row] ?? [], (value) => (Number.isNaN(value) ? null : value))),
  )
}

function inWorker(
  task: WorkerTask,
  of: { readonly signal: AbortSignal | undefined; readonly progressed: (count: number) => void },
): Promise<readonly Float64Array[]> {
  const { signal } = of
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./node-bootstrap-worker.ts', import.meta.url), { workerData: task })
    const stop = (): void => {
      void worker.terminate()
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', (message: WorkerMessage) => {
      if ('done' in message) of.progressed(message.done)
      else resolve(message.replicates)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop)
      if (code !== 0) reject(new Error(`bootstrap worker ended with code ${code}`))
    })
    if (signal?.aborted) stop()
  })
}
