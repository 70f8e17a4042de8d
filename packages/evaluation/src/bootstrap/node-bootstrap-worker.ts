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

/** Replicates of one range. In the message NaN marks an undefined replicate; the pool turns it into null. */
function run({ job, seed, from, to }: WorkerTask): Float64Array[] {
  const statistics = job.statistics.map((spec) => statisticOf(spec, job.clusters))
  const replicates = clusterBootstrap(statistics, { seed, clusters: job.clusters.count, from, to })
  return replicates.map((values) => Float64Array.from(values, (value) => value ?? Number.NaN))
}

parentPort?.postMessage(run(workerData as WorkerTask))
