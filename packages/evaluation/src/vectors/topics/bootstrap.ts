import {
  type BootstrapSummary,
  bcaInterval,
  bootBasic,
  bootPercentile,
  jackknifeClusters,
  normalInterval,
  percentileInterval,
  summariseReplicates,
} from '../../bootstrap/bootstrap-interval.ts'
import { clusterBootstrap } from '../../bootstrap/cluster-bootstrap.ts'
import { aucStatistic, type ClusterStatistic } from '../../bootstrap/cluster-statistic.ts'
import { type Clusters, clustersOf } from '../../cluster/clusters.ts'
import { mean } from '../../sample-moments.ts'
import { limits } from '../answers.ts'
import type { Json } from '../json.ts'
import { type EntryContext, labelsOf, matrixOf, numbersOf, type Topic } from '../vector-input.ts'

type Given = { statistic: ClusterStatistic; clusters: Clusters; estimate: number | null; replicates: (number | null)[] }

function statisticOf(input: EntryContext['input']): { statistic: ClusterStatistic; clusters: Clusters } {
  const clusters = clustersOf(labelsOf(input, 'cluster'))
  return { statistic: aucStatistic(numbersOf(input, 'y'), numbersOf(input, 'x'), clusters), clusters }
}

/** The draws that the case gives, as 1-based places in the order of first appearance. */
function given(input: EntryContext['input']): Given {
  const { statistic, clusters } = statisticOf(input)
  const replicates = matrixOf(input, 'resamples').map((draw) => {
    const times = new Int32Array(clusters.count)
    for (const place of draw) times[place - 1] = (times[place - 1] as number) + 1
    return statistic(times)[0] ?? null
  })
  return { statistic, clusters, estimate: statistic(new Int32Array(clusters.count).fill(1))[0] ?? null, replicates }
}

const of =
  (pick: (summary: BootstrapSummary, estimate: number, all: Given) => Json) =>
  ({ input }: EntryContext): Json => {
    const all = given(input)
    const summary = summariseReplicates(all.replicates, 0.05)
    return typeof summary === 'string' || all.estimate === null ? null : pick(summary, all.estimate, all)
  }

export const bootstrapTopic: Topic = {
  theta_hat: ({ input }) => given(input).estimate,
  replicates: ({ input }) => given(input).replicates,
  sd: of(({ sd }) => sd),
  percentile_type7: of((summary) => limits(percentileInterval(summary, 0.95))),
  percentile_type6: of((summary) => limits(percentileInterval(summary, 0.95, 6))),
  boot_ci_perc: of((summary) => limits(bootPercentile(summary, 0.95))),
  boot_ci_basic: of((summary, estimate) => limits(bootBasic(summary, estimate, 0.95))),
  boot_ci_norm: of((summary, estimate) => limits(normalInterval(summary, estimate, 0.95))),
  bca: of((summary, estimate, { statistic, clusters }) => {
    const jackknife = jackknifeClusters(statistic, { clusters: clusters.count, metric: 0 })
    const bca = bcaInterval(summary, { estimate, jackknife, level: 0.95, type: 6 })
    if (typeof bca === 'string') return null
    return { z0: bca.bias, a: bca.acceleration, adjusted_alpha: bca.adjusted, ci_type6: limits(bca.ci) }
  }),
}

export const bootstrapMonteCarloTopic: Topic = {
  mc: ({ input }) => {
    const { statistic, clusters } = statisticOf(input)
    const [replicates = []] = clusterBootstrap([statistic], { seed: 1, clusters: clusters.count, from: 0, to: 10_000 })
    const summary = summariseReplicates(replicates, 0.05)
    if (typeof summary === 'string') return null
    const { lower, upper } = percentileInterval(summary, 0.95)
    return { mean: mean(summary.sorted), sd: summary.sd, 'p2.5': lower, 'p97.5': upper }
  },
}
