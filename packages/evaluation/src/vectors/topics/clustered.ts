import { type ClassMetric, clusteredClassMetrics, clusteredMacro } from '../../cluster/clustered-class-metrics.ts'
import { clusteredDifference } from '../../cluster/clustered-difference.ts'
import { clusteredRatio } from '../../cluster/clustered-ratio.ts'
import { clustersOf } from '../../cluster/clusters.ts'
import { anovaIcc, raoScott } from '../../cluster/design-effect.ts'
import { normalQuantile } from '../../distribution/normal.ts'
import type { Inference } from '../../inference.ts'
import { marginTest } from '../../multiplicity/noninferiority.ts'
import { limits } from '../answers.ts'
import type { Json } from '../json.ts'
import { distinct, type EntryContext, labelsOf, numbersOf, onLevels, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

function proportion(input: Input, scale: 'identity' | 'logit' = 'identity'): Inference {
  const numerator = numbersOf(input, 'y')
  const denominator = numerator.map(() => 1)
  return clusteredRatio({
    numerator,
    denominator,
    clusters: clustersOf(labelsOf(input, 'cluster')),
    level: 0.95,
    domain: 'with_denominator',
    scale,
  })
}

const squared = (se: number | null): number | null => (se === null ? null : se ** 2)

/** The same standard error with the normal, as the tools print beside t. */
function normalLimits({ estimate, se, ci }: Inference): Json {
  if (estimate === null || se === null || ci === null) return null
  const half = normalQuantile(0.975) * se
  return [estimate - half, estimate + half]
}

export const clusteredProportionTopic: Topic = {
  estimate: ({ input }) => proportion(input).estimate,
  n_clusters: ({ input }) => proportion(input).clusters,
  n_units: ({ input }) => proportion(input).n,
  se_ratio_linearised: ({ input }) => proportion(input).se,
  var_ratio: ({ input }) => squared(proportion(input).se),
  // survey counts n - 1 in the variance of a simple random sample.
  'design_effect_kish*': ({ input }) => {
    const { estimate, se, n } = proportion(input)
    const deff = estimate === null ? null : raoScott(estimate, squared(se), n)
    return deff === null ? null : (deff.deff * (n - 1)) / n
  },
  ci_wald_t: ({ input }) => limits(proportion(input).ci),
  ci_wald_z: ({ input }) => normalLimits(proportion(input)),
  ci_logit_t: ({ input }) => limits(proportion(input, 'logit').ci),
  icc_anova: ({ input }) => anovaIcc(numbersOf(input, 'y'), clustersOf(labelsOf(input, 'cluster'))),
  rao_scott_effective_n: ({ input }) => {
    const { estimate, se, n } = proportion(input)
    const deff = estimate === null ? null : raoScott(estimate, squared(se), n)
    return deff && { deff: deff.deff, n_eff: deff.effectiveN, x_eff: deff.effectiveSuccesses }
  },
}

function difference(input: Input): ReturnType<typeof clusteredDifference> {
  const clusters = clustersOf(labelsOf(input, 'cluster'))
  return clusteredDifference(numbersOf(input, 'y1'), numbersOf(input, 'y2'), { clusters, level: 0.95 })
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

export const clusteredDifferenceTopic: Topic = {
  p1: ({ input }) => mean(numbersOf(input, 'y1')),
  p2: ({ input }) => mean(numbersOf(input, 'y2')),
  difference: ({ input }) => difference(input).estimate,
  se: ({ input }) => difference(input).se,
  ci95_t: ({ input }) => limits(difference(input).ci),
  ci95_z: ({ input }) => normalLimits(difference(input)),
  t: ({ input }) => {
    const { estimate, se } = difference(input)
    return estimate === null || se === null || se === 0 ? null : estimate / se
  },
  df: ({ input }) => difference(input).df,
  p_t: ({ input }) => difference(input).p,
  'noninferiority_margin_*_p_one_sided_t': ({ input, named }) => {
    const { estimate, se, df } = difference(input)
    if (estimate === null || se === null || df === null) return null
    const test = marginTest(estimate, se, { df, margin: named[0] ?? 0, level: 0.95 })
    return typeof test === 'string' ? null : test.pNonInferior
  },
}

function classed(input: Input): Parameters<typeof clusteredMacro>[0] {
  const [truth, called] = [numbersOf(input, 'y'), numbersOf(input, 'p')]
  // The tool's scale is 0 to 3; another one stands in the input.
  const labels =
    input['labels'] === undefined ? distinct([0, 1, 2, 3, ...truth, ...called]) : numbersOf(input, 'labels')
  return {
    truth: onLevels(truth, labels),
    called: onLevels(called, labels),
    size: labels.length,
    clusters: clustersOf(labelsOf(input, 'cluster')),
    level: 0.95,
  }
}

const table =
  (metric: ClassMetric) =>
  ({ input }: EntryContext): Json =>
    clusteredClassMetrics(classed(input), metric).map(({ estimate, se }) => [estimate, se])

const macro =
  (metric: ClassMetric) =>
  ({ input }: EntryContext): Json => {
    const { estimate, se } = clusteredMacro(classed(input), metric)
    return { est: estimate, se }
  }

export const clusteredRatioTopic: Topic = {
  accuracy: ({ input }) => {
    const { truth, called, clusters } = classed(input)
    const numerator = Array.from(truth, (one, i) => (one === called[i] ? 1 : 0))
    const denominator = numerator.map(() => 1)
    const { estimate, se } = clusteredRatio({ numerator, denominator, clusters, level: 0.95, domain: 'all' })
    return { est: estimate, se }
  },
  precision_per_class: table('precision'),
  recall_per_class: table('recall'),
  f1_per_class: table('f1'),
  macro_f1: macro('f1'),
  macro_recall: macro('recall'),
  macro_precision: macro('precision'),
}
