import { parentPort, workerData } from 'node:worker_threads'
import type { BootstrapJob } from './bootstrap-job.ts'
import { statisticOf } from './bootstrap-job.ts'
import { clusterBootstrap } from './cluster-bootstrap.ts'

export type WorkerTask = {
  readonly job: BootstrapJob
  readonly seed: number
  readonly from: number
  readonly to: number
}
/** `done` replicates since the last message, or at the end all of them. */
export type WorkerMessage = { readonly done: number } | { readonly replicates: readonly Float64Array[] }

/** Replicates between two messages: progress that a person sees move, without a message a draw. */
const STEP = 50

/** Replicates of one range. In the message NaN marks an undefined replicate; the pool turns it into null. */
function run({ job, seed, from, to }: WorkerTask, tell: (message: WorkerMessage) => void): void {
  const { patients } = job
  const statistics = job.statistics.map((spec) => statisticOf(spec, { of: spec.of, count: patients }))
  const replicates: Float64Array[] = []
  for (let start = from; start < to; start += STEP) {
    const end = Math.min(to, start + STEP)
    const part = clusterBootstrap(statistics, { seed, clusters: patients, from: start, to: end })
    part.forEach((values, row) => {
      const whole = (replicates[row] ??= new Float64Array(to - from))
      for (const [index, value] of values.entries()) whole[start - from + index] = value ?? Number.NaN
    })
    tell({ done: end - start })
  }
  tell({ replicates })
}

run(workerData as WorkerTask, (message) => parentPort?.postMessage(message))
