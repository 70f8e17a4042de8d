import { agreementWeights } from '../agreement/agreement-weights.ts'
import { clusteredKappa, kappaInfluence } from '../agreement/clustered-kappa.ts'
import { clusteredGwet } from '../agreement/gwet-coefficient.ts'
import { clusteredMacro } from '../cluster/clustered-class-metrics.ts'
import { clusteredDifference, differenceOfEstimators } from '../cluster/clustered-difference.ts'
import { clusteredRatio } from '../cluster/clustered-ratio.ts'
import { type Inference, waldT } from '../inference.ts'
import { clusteredAuc, clusteredAucCovariance } from '../roc/clustered-auc.ts'
import { structuralComponents } from '../roc/structural-components.ts'
import { gradeOfLatent, type SimulatedStudy, type SimulationSettings, simulatedStudy } from './simulated-study.ts'

export type Coverage = {
  readonly metric: string
  /** Value in the population, from one very large study. */
  readonly truth: number
  /** Share of the intervals that hold it, among those that exist. */
  readonly covered: number
  readonly intervals: number
  /** Studies without an interval: zero variance, or nothing to estimate. */
  readonly without: number
}

const LEVEL = 0.95
const CUT = 2

type Interval = (study: SimulatedStudy) => Inference
type Scale = 'identity' | 'logit'

/** Intervals of the plan, by name; proportions and the AUC on both scales that it can choose. */
const METRICS: Readonly<Record<string, Interval>> = {
  ...onBothScales(
    'accuracy',
    (scale) => (study) => ratio(study, ({ truth, call }) => [truth === call ? 1 : 0, 1], { domain: 'all', scale }),
  ),
  ...onBothScales(
    'sensitivity',
    (scale) => (study) =>
      ratio(study, ({ truth, call }) => [truth * call, truth], { domain: 'with_denominator', scale }),
  ),
  ...onBothScales(
    'specificity',
    (scale) => (study) =>
      ratio(study, ({ truth, call }) => [(1 - truth) * (1 - call), 1 - truth], { domain: 'with_denominator', scale }),
  ),
  ...onBothScales(
    'precision',
    (scale) => (study) => ratio(study, ({ truth, call }) => [truth * call, call], { domain: 'all', scale }),
  ),
  ...onBothScales(
    'F1',
    (scale) => (study) => ratio(study, ({ truth, call }) => [2 * truth * call, truth + call], { domain: 'all', scale }),
  ),
  ...onBothScales(
    'AUC, grade >= 2',
    (scale) =>
      ({ truth, score, clusters }) =>
        clusteredAuc({
          truth: truth.map((grade) => (grade >= CUT ? 1 : 0)),
          scores: score,
          clusters,
          level: LEVEL,
          scale,
        }),
  ),
  'macro-F1': ({ truth, rated, clusters }) =>
    clusteredMacro({ truth, called: rated, size: 4, clusters, level: LEVEL }, 'f1'),
  'quadratic kappa': ({ truth, rated, clusters }) =>
    clusteredKappa({ first: rated, second: truth, weights: agreementWeights('quadratic', 4) }, clusters, LEVEL),
  AC2: ({ truth, rated, clusters }) =>
    clusteredGwet({ first: rated, second: truth, weights: agreementWeights('quadratic', 4) }, clusters, LEVEL),
  'accuracy, model less reader': ({ truth, rated, score, clusters }) => {
    const right = (grades: Int8Array): Uint8Array =>
      Uint8Array.from(grades, (grade, i) => (grade >= CUT === (truth[i] as number) >= CUT ? 1 : 0))
    return clusteredDifference(right(modelGrades(score)), right(rated), { clusters, level: LEVEL })
  },
  'F1, model less reader': ({ truth, rated, score, clusters }) =>
    differenceOfEstimators(f1Influence(truth, modelGrades(score)), f1Influence(truth, rated), {
      clusters,
      level: LEVEL,
    }),
  'AUC of grades, model less reader': aucDifference,
  'quadratic kappa, model less reader': ({ truth, rated, score, clusters }) => {
    const of = (first: Int8Array) => kappaInfluence({ first, second: truth, weights: agreementWeights('quadratic', 4) })
    const [model, reader] = [of(modelGrades(score)), of(rated)]
    if (typeof model === 'string' || typeof reader === 'string') return NO_INTERVAL
    return differenceOfEstimators(model, reader, { clusters, level: LEVEL })
  },
}

const NO_INTERVAL: Inference = {
  estimate: null,
  se: null,
  ci: null,
  df: null,
  n: 0,
  clusters: 0,
  flags: [],
  reason: 'no_units',
}
const modelGrades = (score: Float64Array): Int8Array => Int8Array.from(score, gradeOfLatent)

/** 2TP / (truth positive + called positive), and its influence per joint. */
function f1Influence(truth: Int8Array, rated: Int8Array): { estimate: number; influence: Float64Array } {
  const above = Float64Array.from(truth, (grade, i) => (grade >= CUT && (rated[i] as number) >= CUT ? 2 : 0))
  const below = Float64Array.from(truth, (grade, i) => (grade >= CUT ? 1 : 0) + ((rated[i] as number) >= CUT ? 1 : 0))
  const total = below.reduce((sum, one) => sum + one, 0)
  const estimate = above.reduce((sum, one) => sum + one, 0) / total
  return { estimate, influence: above.map((one, i) => (one - estimate * (below[i] as number)) / total) }
}

function aucDifference({ truth, rated, score, clusters }: SimulatedStudy): Inference {
  const positives = Uint8Array.from(truth, (grade) => (grade >= CUT ? 1 : 0))
  const [model, reader] = [structuralComponents(positives, modelGrades(score)), structuralComponents(positives, rated)]
  if (typeof model === 'string' || typeof reader === 'string') return NO_INTERVAL
  const covariance = clusteredAucCovariance([model, reader], clusters)
  if (covariance === 'too_few_patients') return NO_INTERVAL
  const [v1 = 0, c = 0, , v2 = 0] = covariance.at
  const counted = { n: truth.length, clusters: clusters.count }
  return waldT({
    estimate: model.auc - reader.auc,
    variance: v1 + v2 - 2 * c,
    ...counted,
    level: LEVEL,
    range: [-1, 1],
  })
}

function onBothScales(name: string, interval: (scale: Scale) => Interval): Record<string, Interval> {
  return { [name]: interval('identity'), [`${name}, logit`]: interval('logit') }
}

/**
 * How often the nominal 95 % intervals hold the population's value, over simulated studies.
 *
 * @param of  runs: studies, seeded from `seed` upward; population: patients of the one study that stands for all
 * @throws {RangeError} as `simulatedStudy`
 */
export function intervalCoverage(
  settings: SimulationSettings,
  of: { readonly runs: number; readonly seed: number; readonly population: number },
): Coverage[] {
  const population = simulatedStudy(of.seed, { ...settings, patients: of.population })
  const names = Object.keys(METRICS)
  const truth = names.map((name) => METRICS[name]?.(population).estimate ?? Number.NaN)
  const tally = names.map(() => ({ covered: 0, intervals: 0 }))
  for (let run = 1; run <= of.runs; run++) {
    const study = simulatedStudy(of.seed + run, settings)
    names.forEach((name, m) => {
      const ci = METRICS[name]?.(study).ci
      const count = tally[m]
      if (!ci || !count) return
      count.intervals++
      if (ci.lower <= (truth[m] as number) && (truth[m] as number) <= ci.upper) count.covered++
    })
  }
  return names.map((metric, m) => {
    const { covered, intervals } = tally[m] ?? { covered: 0, intervals: 0 }
    return { metric, truth: truth[m] as number, covered: covered / intervals, intervals, without: of.runs - intervals }
  })
}

type Binary = { readonly truth: number; readonly call: number }

function ratio(
  { truth, rated, clusters }: SimulatedStudy,
  count: (joint: Binary) => readonly [number, number],
  of: { readonly domain: 'all' | 'with_denominator'; readonly scale: Scale },
): Inference {
  const n = truth.length
  const numerator = new Uint8Array(n)
  const denominator = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const joint = { truth: (truth[i] as number) >= CUT ? 1 : 0, call: (rated[i] as number) >= CUT ? 1 : 0 }
    ;[numerator[i], denominator[i]] = count(joint)
  }
  return clusteredRatio({ numerator, denominator, clusters, level: LEVEL, ...of })
}
