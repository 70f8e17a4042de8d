import { type BootstrapJob, statisticOf } from './bootstrap-job.ts'
import { clusterBootstrap } from './cluster-bootstrap.ts'

/** Every replicate in this thread: the same as `bootstrapInWorkers` gives, for small data. Throws as the statistics do. */
export function resampleHere(
  { patients, statistics }: BootstrapJob,
  { seed, replicates }: { readonly seed: number; readonly replicates: number },
): Promise<(number | null)[][]> {
  const drawn = statistics.map((spec) => statisticOf(spec, { of: spec.of, count: patients }))
  return Promise.resolve(clusterBootstrap(drawn, { seed, clusters: patients, from: 0, to: replicates }))
}
