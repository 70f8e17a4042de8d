import type { AnalysisPlan } from '../analysis-plan.ts'
import type { Inference } from '../inference.ts'
import {
  type BootstrapSummary,
  bcaInterval,
  jackknifeClusters,
  percentileInterval,
  type Replicates,
  summariseReplicates,
} from './bootstrap-interval.ts'
import { GENERATOR } from './cluster-draws.ts'
import type { ClusterStatistic } from './cluster-statistic.ts'

export type BootstrapInference = Inference & {
  readonly method: string
  readonly seed: number
  readonly undefinedReplicates: number
}

/**
 * A metric with its cluster-bootstrap interval, as the plan asks for it: percentile (type 7) or BCa, seed and generator
 * named, undefined replicates counted; above the plan's share of them there is no interval.
 *
 * @param of  which metric of the statistic; n units and clusters of the data; level of the interval
 * @returns the statistic on all patients; null `no_units` where it is not defined there
 */
export function bootstrapInference(
  statistic: ClusterStatistic,
  replicates: Replicates,
  of: {
    readonly metric: number
    readonly n: number
    readonly clusters: number
    readonly level: number
    readonly plan: AnalysisPlan['interval']['bootstrap']
  },
): BootstrapInference {
  const { metric, n, clusters, level, plan } = of
  const estimate = clusters === 0 ? null : (statistic(new Int32Array(clusters).fill(1))[metric] ?? null)
  const summary = summariseReplicates(replicates, plan.undefinedAtMost)
  const base = {
    estimate,
    df: null,
    n,
    clusters,
    flags: clusters < 20 ? (['few_clusters'] as const) : [],
    method: `bootstrap-${plan.kind}/${GENERATOR}`,
    seed: plan.seed,
    undefinedReplicates: replicates.filter((one) => one === null).length,
  }
  if (estimate === null) return { ...base, se: null, ci: null, reason: 'no_units' }
  if (typeof summary === 'string') return { ...base, se: null, ci: null, reason: summary }
  if (summary.sd === 0)
    return { ...base, se: 0, ci: null, flags: [...base.flags, 'degenerate_variance'], reason: 'zero_variance' }
  const ci = interval(statistic, summary, { estimate, metric, clusters, level, kind: plan.kind })
  return { ...base, se: summary.sd, ci, reason: ci === null ? 'undefined_replicates' : null }
}

type Asked = { estimate: number; metric: number; clusters: number; level: number; kind: 'percentile' | 'bca' }

function interval(
  statistic: ClusterStatistic,
  summary: BootstrapSummary,
  { estimate, metric, clusters, level, kind }: Asked,
): Inference['ci'] {
  if (kind === 'percentile') return percentileInterval(summary, level)
  const bca = bcaInterval(summary, {
    estimate,
    jackknife: jackknifeClusters(statistic, { clusters, metric }),
    level,
    type: 7,
  })
  return typeof bca === 'string' ? null : bca.ci
}
