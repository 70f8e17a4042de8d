import { clusterDraws } from './cluster-draws.ts'
import type { ClusterStatistic } from './cluster-statistic.ts'

/**
 * Replicates of several statistics on the same draws of patients; readers stay fixed, so the interval speaks for patients
 * only. Duplicated patients count as different ones.
 *
 * @returns per statistic its replicates in drawing order, null where undefined
 * @throws {RangeError} as `clusterDraws`
 * @see methods 2.11
 */
export function clusterBootstrap(
  statistics: readonly ClusterStatistic[],
  of: { readonly seed: number; readonly clusters: number; readonly from: number; readonly to: number },
): (number | null)[][] {
  const replicates: (number | null)[][] = statistics.map(() => [])
  for (const timesDrawn of clusterDraws(of.seed, of.clusters, of)) {
    statistics.forEach((statistic, s) => replicates[s]?.push(statistic(timesDrawn)))
  }
  return replicates
}
