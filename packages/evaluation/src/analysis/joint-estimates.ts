import { agreementWeights } from '../agreement/agreement-weights.ts'
import { kappaInfluence } from '../agreement/clustered-kappa.ts'
import { gwetInfluence } from '../agreement/gwet-coefficient.ts'
import type { AnalysisPlan } from '../analysis-plan.ts'
import type { Clusters } from '../cluster/clusters.ts'
import { linearisedCovariance } from '../cluster/linearised-covariance.ts'
import { type SquareMatrix, symmetricMatrix } from '../matrix.ts'
import type { Metric } from '../metric.ts'
import type { Reason } from '../reason.ts'
import { clusteredAucCovariance } from '../roc/clustered-auc.ts'
import { structuralComponents } from '../roc/structural-components.ts'
import { isBinary, metricCounts, positivesOf } from './metric-result.ts'
import { clustersAt } from './pair.ts'
import type { Question } from './question.ts'

/** One of several raters judged on the same joints. */
export type Rater = { readonly answers: Int8Array; readonly isCall: boolean }

/** A metric of several raters on the same joints, with the covariance of its estimates, patients as sampling units. */
export type JointEstimates = {
  readonly theta: readonly number[]
  readonly covariance: SquareMatrix
  /** Influence per unit of each rater; null for the AUC, whose covariance is Obuchowski's. */
  readonly influence: readonly Float64Array[] | null
  readonly n: number
  readonly clusters: number
}

export type Undefined = { readonly reason: Reason; readonly n: number; readonly clusters: number }

/**
 * @param units  places that every rater and the reference have graded. Sensitivity and specificity are taken on the joints of
 *   their domain, so that K counts the patients who have one
 * @see methods 2.3, 2.5, 2.8
 */
export function jointEstimates(
  question: Question,
  metric: Metric,
  of: { readonly raters: readonly Rater[]; readonly units: Int32Array; readonly plan: AnalysisPlan },
): JointEstimates | Undefined {
  const units = domainOf(question, metric, of.units)
  const clusters = clustersAt(question, units)
  const counted = { n: units.length, clusters: clusters.count }
  if (units.length === 0) return { reason: emptyReason(metric, of.units), ...counted }
  const truth = Int8Array.from(units, (i) => question.reference[i] as number)
  const rated = of.raters.map(({ answers }) => Int8Array.from(units, (i) => answers[i] as number))
  if (metric === 'auc') return aucEstimates({ truth, rated, clusters, cut: question.referenceCut }, counted)
  if (!isBinary(metric) && question.raterScale !== question.referenceScale)
    return { reason: 'scales_differ', ...counted }
  const estimates = rated.map((grades, r) =>
    influenceOf(metric, { truth, rated: grades, isCall: of.raters[r]?.isCall ?? false, question, plan: of.plan }),
  )
  const found: { estimate: number; influence: Float64Array }[] = []
  for (const one of estimates) {
    if (typeof one === 'string') return { reason: one, ...counted }
    found.push(one)
  }
  const influence = found.map((one) => one.influence)
  if (clusters.count < 2) return { reason: 'one_patient', ...counted }
  const covariance = symmetricMatrix(
    found.length,
    (a, b) => linearisedCovariance(influence[a] as Float64Array, influence[b] as Float64Array, clusters) ?? 0,
  )
  return { theta: found.map(({ estimate }) => estimate), covariance, influence, ...counted }
}

/** The joints that a metric is about: those with a positive truth for the sensitivity, with a negative one for the specificity. */
export function domainOf({ reference, referenceCut }: Question, metric: Metric, units: Int32Array): Int32Array {
  if (metric === 'sensitivity') return units.filter((i) => (reference[i] as number) >= referenceCut)
  if (metric === 'specificity') return units.filter((i) => (reference[i] as number) < referenceCut)
  return units
}

function emptyReason(metric: Metric, units: Int32Array): Reason {
  if (units.length === 0) return 'no_units'
  return metric === 'sensitivity' ? 'no_positives' : 'no_negatives'
}

type Auc = { truth: Int8Array; rated: readonly Int8Array[]; clusters: Clusters; cut: number }

function aucEstimates(
  { truth, rated, clusters, cut }: Auc,
  counted: { n: number; clusters: number },
): JointEstimates | Undefined {
  const positives = positivesOf(truth, cut)
  const scores = []
  for (const grades of rated) {
    const components = structuralComponents(positives, grades)
    if (typeof components === 'string') return { reason: components, ...counted }
    scores.push(components)
  }
  const covariance = clusteredAucCovariance(scores, clusters)
  if (covariance === 'too_few_patients') return { reason: covariance, ...counted }
  return { theta: scores.map(({ auc }) => auc), covariance, influence: null, ...counted }
}

type Single = {
  readonly truth: Int8Array
  readonly rated: Int8Array
  readonly isCall: boolean
  readonly question: Question
  readonly plan: AnalysisPlan
}

/** A metric of one rater and its influence per unit, centred and divided by what stands below the line (methods 2.3). */
function influenceOf(
  metric: Exclude<Metric, 'auc'>,
  { truth, rated, isCall, question, plan }: Single,
): { estimate: number; influence: Float64Array } | Reason {
  if (metric === 'weighted_kappa' || metric === 'gwet_ac2') {
    const scheme = metric === 'weighted_kappa' ? plan.kappaWeights : 'quadratic'
    const grades = { first: rated, second: truth, weights: agreementWeights(scheme, question.raterScale) }
    return metric === 'weighted_kappa' ? kappaInfluence(grades) : gwetInfluence(grades)
  }
  const { numerator, denominator } = metricCounts(
    { truth, rated, raterCut: isCall ? 1 : question.raterCut, referenceCut: question.referenceCut },
    metric,
  )
  let [above, below] = [0, 0]
  for (let i = 0; i < truth.length; i++) {
    above += numerator[i] as number
    below += denominator[i] as number
  }
  if (below === 0) return 'zero_denominator'
  const estimate = above / below
  const influence = Float64Array.from(
    truth,
    (_, i) => ((numerator[i] as number) - estimate * (denominator[i] as number)) / below,
  )
  return { estimate, influence }
}
