import { agreementWeights } from './agreement/agreement-weights.ts'
import { clusteredKappa } from './agreement/clustered-kappa.ts'
import { clusteredGwet } from './agreement/gwet-coefficient.ts'
import type { AnalysisPlan } from './analysis-plan.ts'
import { clusteredRatio } from './cluster/clustered-ratio.ts'
import type { ComparisonData } from './comparison-data.ts'
import { type Inference, undefinedEstimate } from './inference.ts'
import type { Metric } from './metric.ts'
import { allPatientsBound } from './proportion/all-patients-bound.ts'
import type { Flag } from './reason.ts'
import type { Result } from './result.ts'

/** Metrics of which "all joints of the patient right" is the extreme. Precision and F1 also depend on who was called. */
const PER_PATIENT: ReadonlySet<Metric> = new Set(['accuracy', 'sensitivity', 'specificity', 'exact_agreement'])

/** One metric of one comparison in the result contract. Shapes and undefined cases as in `firstEvaluation`. */
export function comparisonResult(data: ComparisonData, metric: Exclude<Metric, 'auc'>, plan: AnalysisPlan): Result {
  const inference = infer(data, metric, plan)
  const { missing } = data
  const flags = [...inference.flags, ...dataFlags(data, metric)]
  return {
    estimate: inference.estimate,
    se: inference.se,
    ci: inference.ci,
    level: plan.interval.level,
    method: methodId(metric, plan),
    unit: 'joint',
    n: inference.n,
    clusters: inference.clusters,
    nMissing:
      missing.raterNotAssessable + missing.raterNotGraded + missing.referenceNotAssessable + missing.referenceNotGraded,
    missing,
    df: inference.df,
    target: 'fixed_readers',
    p: null,
    pAdjusted: null,
    family: null,
    flags,
    reason: inference.reason,
    bound: PER_PATIENT.has(metric) ? allPatientsBound(inference, plan.interval.level) : null,
    seed: null,
    bootstrap: null,
  }
}

function infer(data: ComparisonData, metric: Exclude<Metric, 'auc'>, plan: AnalysisPlan): Inference {
  const { rated, truth, clusters, raterScale, referenceScale } = data
  const { level } = plan.interval
  const counted = { n: rated.length, clusters: clusters.count }
  if (rated.length === 0) return undefinedEstimate('no_units', counted)
  if (metric === 'weighted_kappa' || metric === 'gwet_ac2' || metric === 'exact_agreement') {
    if (raterScale !== referenceScale) return undefinedEstimate('scales_differ', counted)
    const scheme = metric === 'weighted_kappa' ? plan.kappaWeights : metric === 'gwet_ac2' ? 'quadratic' : 'unweighted'
    const pair = { first: rated, second: truth, weights: agreementWeights(scheme, raterScale) }
    if (metric === 'weighted_kappa') return clusteredKappa(pair, clusters, level)
    if (metric === 'gwet_ac2') return clusteredGwet(pair, clusters, level)
  }
  const { numerator, denominator } = counts(data, metric)
  const domain = metric === 'precision' || metric === 'f1' ? 'all' : 'with_denominator'
  const scale = plan.interval.proportions === 'linearised_t' ? 'identity' : 'logit'
  const inference = clusteredRatio({ numerator, denominator, clusters, level, domain, scale })
  // The engine knows a zero denominator; only the metric knows what it says about the data.
  if (inference.reason !== 'zero_denominator') return inference
  if (metric === 'sensitivity') return undefinedEstimate('no_positives', counted)
  if (metric === 'specificity') return undefinedEstimate('no_negatives', counted)
  return undefinedEstimate('zero_denominator', counted)
}

type Ratio = { numerator: Uint8Array; denominator: Uint8Array }

/** What each joint adds above and below the line of a binary metric (methods 2.1). */
function counts(data: ComparisonData, metric: Metric): Ratio {
  const n = data.rated.length
  const numerator = new Uint8Array(n)
  const denominator = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const rated = data.rated[i] as number
    const truth = data.truth[i] as number
    const call = rated >= data.raterCut
    const positive = truth >= data.referenceCut
    const [above, below] = joint(metric, { call, positive, same: rated === truth })
    numerator[i] = above
    denominator[i] = below
  }
  return { numerator, denominator }
}

function joint(
  metric: Metric,
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
    default:
      return [call === positive ? 1 : 0, 1]
  }
}

function methodId(metric: Metric, plan: AnalysisPlan): string {
  if (metric === 'weighted_kappa') return `${plan.kappaWeights}-kappa/linearised-t`
  if (metric === 'gwet_ac2') return 'gwet-ac2-quadratic/linearised-t'
  return `${metric.replace('_', '-')}/${plan.interval.proportions.replaceAll('_', '-')}`
}

function dataFlags(data: ComparisonData, metric: Metric): Flag[] {
  if (data.rated.length === 0) return []
  if (metric === 'weighted_kappa' || metric === 'gwet_ac2') {
    const used = new Set([...data.rated, ...data.truth])
    return used.size < data.raterScale ? ['unused_category'] : []
  }
  if (metric === 'exact_agreement') return []
  let positives = 0
  for (const grade of data.truth) if (grade >= data.referenceCut) positives++
  return positives === 0 || positives === data.truth.length ? ['one_class'] : []
}
