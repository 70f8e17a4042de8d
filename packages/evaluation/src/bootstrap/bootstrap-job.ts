import { agreementWeights, type WeightScheme } from '../agreement/agreement-weights.ts'
import type { RatingMatrix } from '../agreement/rating-matrix.ts'
import type { Clusters } from '../cluster/clusters.ts'
import { aucStatistic, type ClusterStatistic, gradeStatistic, ratioStatistic } from './cluster-statistic.ts'
import type { GradeMetric } from './grade-metric.ts'
import { concordanceStatistic, eceStatistic, handTillStatistic } from './probability-statistic.ts'
import { ratingStatistic } from './rating-statistic.ts'

/** A statistic as data, so that it can travel to a worker. Arrays hold one value per unit. */
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
  | { readonly kind: 'hand_till'; readonly truth: Int8Array; readonly size: number; readonly at: Float64Array }
  | { readonly kind: 'concordance'; readonly truth: Int8Array; readonly size: number; readonly scores: Float64Array }
  | {
      readonly kind: 'ece'
      readonly truth: Uint8Array
      readonly probabilities: Float64Array
      readonly bins: number
    }
  | { readonly kind: 'ratings'; readonly ratings: RatingMatrix; readonly scheme: WeightScheme }

/**
 * Statistics that are resampled on the same draws of the same patients; `of` says which patient each unit of a statistic
 * belongs to. A patient who has no unit in a statistic adds nothing to it, however often he is drawn.
 */
export type BootstrapJob = {
  readonly patients: number
  readonly statistics: readonly (StatisticSpec & { readonly of: Int32Array })[]
}

/** How many metrics the statistic gives. */
export function metricCount(spec: StatisticSpec): number {
  if (spec.kind === 'grades') return spec.metrics.length
  return spec.kind === 'ratings' ? 3 : 1
}

/** @throws {RangeError} as the statistics do */
export function statisticOf(spec: StatisticSpec, clusters: Clusters): ClusterStatistic {
  switch (spec.kind) {
    case 'auc':
      return aucStatistic(spec.truth, spec.scores, clusters)
    case 'ratio':
      return ratioStatistic(spec.numerator, spec.denominator, clusters)
    case 'grades':
      return gradeStatistic(spec, spec.metrics, clusters)
    case 'hand_till':
      return handTillStatistic(spec, clusters)
    case 'concordance':
      return concordanceStatistic(spec, clusters)
    case 'ece':
      return eceStatistic(spec, clusters)
    case 'ratings': {
      const { size } = spec.ratings
      const weights = {
        conger: agreementWeights(spec.scheme, size),
        gwet: agreementWeights('quadratic', size),
      }
      return ratingStatistic(spec.ratings, weights, clusters)
    }
  }
}
