import type { Clusters } from '../cluster/clusters.ts'
import { aucStatistic, type ClusterStatistic, gradeStatistic, ratioStatistic } from './cluster-statistic.ts'
import type { GradeMetric } from './grade-metric.ts'

/** A statistic as data, so that it can travel to a worker. Arrays hold one value per unit, in the order of `clusters.of`. */
export type StatisticSpec =
  | { readonly kind: 'auc'; readonly truth: Uint8Array; readonly scores: Float64Array }
  | { readonly kind: 'ratio'; readonly numerator: Float64Array; readonly denominator: Float64Array }
  | {
      readonly kind: 'grades'
      readonly truth: Int8Array
      readonly rated: Int8Array
      readonly size: number
      readonly metrics: readonly GradeMetric[]
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
    case 'grades':
      return gradeStatistic(spec, spec.metrics, clusters)
  }
}
