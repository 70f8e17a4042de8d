import { agreementWeights, type WeightScheme } from '../agreement/agreement-weights.ts'
import type { Clusters } from '../cluster/clusters.ts'
import { aucStatistic, type ClusterStatistic, kappaStatistic, ratioStatistic } from './cluster-statistic.ts'

/** A statistic as data, so that it can travel to a worker. Arrays hold one value per unit, in the order of `clusters.of`. */
export type StatisticSpec =
  | { readonly kind: 'auc'; readonly truth: Uint8Array; readonly scores: Float64Array }
  | { readonly kind: 'ratio'; readonly numerator: Float64Array; readonly denominator: Float64Array }
  | {
      readonly kind: 'kappa'
      readonly first: Int8Array
      readonly second: Int8Array
      readonly size: number
      readonly scheme: WeightScheme
    }

/** Statistics on the same units, resampled on the same draws. */
export type BootstrapJob = { readonly clusters: Clusters; readonly statistics: readonly StatisticSpec[] }

/** @throws {RangeError} as the statistics do */
export function statisticOf(spec: StatisticSpec, clusters: Clusters): ClusterStatistic {
  switch (spec.kind) {
    case 'auc':
      return aucStatistic(spec.truth, spec.scores, clusters)
    case 'ratio':
      return ratioStatistic(spec.numerator, spec.denominator, clusters)
    case 'kappa': {
      const weights = agreementWeights(spec.scheme, spec.size)
      return kappaStatistic({ first: spec.first, second: spec.second, weights }, clusters)
    }
  }
}
