import { clustersOf } from '../../cluster/clusters.ts'
import { normalQuantile, normalTwoSided } from '../../distribution/normal.ts'
import { rowsOf } from '../../matrix.ts'
import { clusteredAuc, clusteredAucCovariance } from '../../roc/clustered-auc.ts'
import { pairedAucTest } from '../../roc/delong.ts'
import type { Json } from '../json.ts'
import { parts, single } from '../scored-units.ts'
import { type EntryContext, labelsOf, numbersOf, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

function clusteredOne({ input }: EntryContext): Json {
  const { truth, scores } = single(input)
  const one = clusteredAuc({ truth, scores, clusters: clustersOf(labelsOf(input, 'cluster')), level: 0.95 })
  const half = one.se === null ? null : normalQuantile(0.975) * one.se
  if (one.estimate === null) return null
  return {
    auc: one.estimate,
    var: one.se === null ? null : one.se ** 2,
    'auc.var': one.se === null ? null : one.se ** 2,
    'auc.se': one.se,
    'ci.bot': half === null ? null : one.estimate - half,
    'ci.top': half === null ? null : one.estimate + half,
  }
}

function clusteredPair(input: Input): { aucs: [number, number]; covariance: number[][] } | null {
  const [truth, x1, x2] = [numbersOf(input, 'y'), numbersOf(input, 'x1'), numbersOf(input, 'x2')]
  const [one, two] = [parts(truth, x1), parts(truth, x2)]
  if (one === null || two === null) return null
  const covariance = clusteredAucCovariance([one, two], clustersOf(labelsOf(input, 'cluster')))
  return typeof covariance === 'string' ? null : { aucs: [one.auc, two.auc], covariance: rowsOf(covariance) }
}

export const clusteredAucTopic: Topic = {
  auc_obuchowski: clusteredOne,
  fastAUC_auc_var: clusteredOne,
  // The tool prints |A - B|; the sign is ours to keep.
  pair: ({ input }) => {
    const both = clusteredPair(input)
    if (both === null) return null
    const z = normalQuantile(0.975)
    const [[va = 0, c = 0] = [], [, vb = 0] = []] = both.covariance
    const [a, b] = both.aucs
    const variance = va + vb - 2 * c
    const difference = Math.abs(a - b)
    const of = (name: string, value: number, v: number): Record<string, Json> => ({
      [`auc.${name}`]: value,
      [`auc.var.${name}`]: v,
      [`auc.se.${name}`]: Math.sqrt(v),
      [`ci.bot.${name}`]: value - z * Math.sqrt(v),
      [`ci.top.${name}`]: value + z * Math.sqrt(v),
    })
    return {
      ...of('A', a, va),
      ...of('B', b, vb),
      ...of('AminusB', difference, variance),
      'p.value': variance > 0 ? normalTwoSided(difference / Math.sqrt(variance)) : null,
    }
  },
  fastAUC_pair: ({ input }) => {
    const both = clusteredPair(input)
    if (both === null) return null
    const test = pairedAucTest(both.aucs, { size: 2, at: Float64Array.from(both.covariance.flat()) }, 0.95)
    return {
      auc: both.aucs,
      var: both.covariance.flat(),
      z: typeof test === 'string' ? null : test.statistic,
      p: typeof test === 'string' ? null : test.p,
    }
  },
}
