import { clusterDraws } from './cluster-draws.ts'
import type { ClusterStatistic } from './cluster-statistic.ts'

/**
 * Replicates of several statistics on the same draws of patients; readers stay fixed, so the interval speaks for patients
 * only. Duplicated patients count as different ones.
 *
 * @returns per metric of every statistic in turn its replicates in drawing order, null where undefined
 * @throws {RangeError} as `clusterDraws`
 * @see methods 2.11
 */
export function clusterBootstrap(
  statistics: readonly ClusterStatistic[],
  of: { readonly seed: number; readonly clusters: number; readonly from: number; readonly to: number },
): (number | null)[][] {
  const replicates: (number | null)[][] = []
  for (const timesDrawn of clusterDraws(of.seed, of.clusters, of)) {
    let row = 0
    for (const statistic of statistics) {
      for (const value of statistic(timesDrawn)) {
        const own = replicates[row++]
        if (own === undefined) replicates.push([value])
        else own.push(value)
      }
    }
  }
  return replicates
}
