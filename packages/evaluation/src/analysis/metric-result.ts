import { agreementWeights } from '../agreement/agreement-weights.ts'
import { clusteredKappa } from '../agreement/clustered-kappa.ts'
import { clusteredGwet } from '../agreement/gwet-coefficient.ts'
import type { AnalysisPlan } from '../analysis-plan.ts'
import { clusteredRatio } from '../cluster/clustered-ratio.ts'
import { normalQuantile } from '../distribution/normal.ts'
import { type Inference, undefinedEstimate } from '../inference.ts'
import type { Metric } from '../metric.ts'
import { allPatientsBound } from '../proportion/all-patients-bound.ts'
import type { Flag } from '../reason.ts'
import type { Result } from '../result.ts'
import { clusteredAuc } from '../roc/clustered-auc.ts'
import type { Pair } from './pair.ts'
import { resultOf } from './row.ts'

/** Metrics of which "all joints of the patient right" is the extreme. Precision and F1 also depend on who was called. */
const PER_PATIENT: ReadonlySet<Metric> = new Set(['accuracy', 'sensitivity', 'specificity', 'exact_agreement'])

export const BINARY = ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'] as const
export type BinaryMetric = (typeof BINARY)[number]
export const isBinary = (metric: Metric): metric is BinaryMetric => (BINARY as readonly Metric[]).includes(metric)

/**
 * One metric of one pair in the result contract.
 *
 * @param scores  for the AUC, one per unit: higher means more positive; the pair's grades when absent
 * @see methods 2.1, 2.3, 2.5, 2.8
 */
export function metricResult(
  pair: Pair,
  metric: Metric,
  of: { readonly plan: AnalysisPlan; readonly scores?: ArrayLike<number> },
): Result {
  const { plan } = of
  const inference = infer(pair, metric, of)
  return resultOf(inference, {
    method: methodId(metric, plan),
    level: plan.interval.level,
    missing: pair.missing,
    flags: dataFlags(pair, metric),
    bound: PER_PATIENT.has(metric) ? allPatientsBound(inference, plan.interval.level) : null,
  })
}

function infer(
  pair: Pair,
  metric: Metric,
  { plan, scores }: { plan: AnalysisPlan; scores?: ArrayLike<number> },
): Inference {
  const { rated, truth, clusters, raterScale, referenceScale } = pair
  const { level } = plan.interval
  const counted = { n: rated.length, clusters: clusters.count }
  if (rated.length === 0) return undefinedEstimate('no_units', counted)
  if (metric === 'auc') return aucInference(pair, plan, scores ?? rated)
  if (metric === 'weighted_kappa' || metric === 'gwet_ac2' || metric === 'exact_agreement') {
    if (raterScale !== referenceScale) return undefinedEstimate('scales_differ', counted)
    const scheme = metric === 'weighted_kappa' ? plan.kappaWeights : 'quadratic'
    const grades = { first: rated, second: truth, weights: agreementWeights(scheme, raterScale) }
    if (metric === 'weighted_kappa') return clusteredKappa(grades, clusters, level)
    if (metric === 'gwet_ac2') return clusteredGwet(grades, clusters, level)
  }
  const { numerator, denominator } = metricCounts(pair, metric)
  const domain = metric === 'precision' || metric === 'f1' ? 'all' : 'with_denominator'
  const scale = plan.interval.proportions === 'linearised_t' ? 'identity' : 'logit'
  const inference = clusteredRatio({ numerator, denominator, clusters, level, domain, scale })
  // The engine knows a zero denominator; only the metric knows what it says about the data.
  if (inference.reason !== 'zero_denominator') return inference
  if (metric === 'sensitivity') return undefinedEstimate('no_positives', counted)
  if (metric === 'specificity') return undefinedEstimate('no_negatives', counted)
  return undefinedEstimate('zero_denominator', counted)
}

function aucInference(pair: Pair, plan: AnalysisPlan, scores: ArrayLike<number>): Inference {
  const { level, auc } = plan.interval
  const truth = positivesOf(pair.truth, pair.referenceCut)
  const scale = auc === 'obuchowski_logit_t' ? 'logit' : 'identity'
  const inference = clusteredAuc({ truth, scores, clusters: pair.clusters, level, scale })
  const { estimate, se, ci } = inference
  if (auc !== 'obuchowski_z' || estimate === null || se === null || ci === null) return inference
  const half = normalQuantile((1 + level) / 2) * se
  return { ...inference, df: null, ci: { lower: estimate - half, upper: estimate + half } }
}

export function positivesOf(grades: Int8Array, cut: number): Uint8Array {
  return Uint8Array.from(grades, (grade) => (grade >= cut ? 1 : 0))
}

/** What each joint adds above and below the line of a metric that is a ratio of totals (methods 2.1). */
export function metricCounts(
  pair: Pick<Pair, 'rated' | 'truth' | 'raterCut' | 'referenceCut'>,
  metric: BinaryMetric | 'exact_agreement',
): { numerator: Uint8Array; denominator: Uint8Array } {
  const n = pair.rated.length
  const numerator = new Uint8Array(n)
  const denominator = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const rated = pair.rated[i] as number
    const truth = pair.truth[i] as number
    const call = rated >= pair.raterCut
    const positive = truth >= pair.referenceCut
    const [above, below] = jointCount(metric, { call, positive, same: rated === truth })
    numerator[i] = above
    denominator[i] = below
  }
  return { numerator, denominator }
}

function jointCount(
  metric: BinaryMetric | 'exact_agreement',
  { call, positive, same }: { call: boolean; positive: boolean; same: boolean },
): [number, number] {
  const both = call && positive ? 1 : 0
  switch (metric) {
    case 'sensitivity':
      return [both, positive ? 1 : 0]
    case 'specificity':
      return [call || positive ? 0 : 1, positive ? 0 : 1]
    case 'precision':
      return [both, call ? 1 : 0]
    case 'f1':
      return [2 * both, (call ? 1 : 0) + (positive ? 1 : 0)]
    case 'exact_agreement':
      return [same ? 1 : 0, 1]
    case 'accuracy':
      return [call === positive ? 1 : 0, 1]
  }
}

export function methodId(metric: Metric, plan: AnalysisPlan): string {
  if (metric === 'weighted_kappa') return `${plan.kappaWeights}-kappa/linearised-t`
  if (metric === 'gwet_ac2') return 'gwet-ac2-quadratic/linearised-t'
  if (metric === 'auc') return `auc/${plan.interval.auc.replaceAll('_', '-')}`
  return `${metric.replace('_', '-')}/${plan.interval.proportions.replaceAll('_', '-')}`
}

function dataFlags(pair: Pair, metric: Metric): Flag[] {
  if (pair.rated.length === 0 || metric === 'exact_agreement') return []
  if (metric === 'weighted_kappa' || metric === 'gwet_ac2') {
    const used = new Set([...pair.rated, ...pair.truth])
    return used.size < pair.raterScale ? ['unused_category'] : []
  }
  let positives = 0
  for (const grade of pair.truth) if (grade >= pair.referenceCut) positives++
  return positives === 0 || positives === pair.truth.length ? ['one_class'] : []
}
