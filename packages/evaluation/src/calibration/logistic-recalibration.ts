import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { linearisedVariance } from '../cluster/linearised-covariance.ts'
import {
  expit,
  fitLogistic,
  type LogisticData,
  type LogisticFit,
  logisticDeviance,
  type StoppingRule,
} from './logistic-fit.ts'
import { assertProbabilities, clippedLogit } from './probability-check.ts'

export type Coefficient = {
  readonly estimate: number
  /** For independent units. */
  readonly se: number
  /** With patients as sampling units; null below two patients. */
  readonly clusteredSe: number | null
}

export type Recalibration = {
  /** Intercept of logit(y) ~ offset(logit p): 0 is calibration in the large. */
  readonly inTheLarge: Coefficient
  /** logit(y) ~ intercept + slope logit p: slope 1 is right, below 1 too extreme. */
  readonly intercept: Coefficient
  readonly slope: Coefficient
  /** Deviances: no information, the probabilities as they are, recalibrated. */
  readonly deviance: { readonly null: number; readonly asGiven: number; readonly recalibrated: number }
}

/**
 * Logistic recalibration; p is kept 1e-12 away from 0 and 1.
 *
 * @param rule  `exact`, unless a tool's own digits are to be repeated
 * @returns `one_class` when only one class occurs, `not_converged` on separation or constant probabilities
 * @throws {RangeError} as `assertProbabilities`; clusters of another number of units
 * @see Cox (1958); methods 2.10. Oracle: R glm(binomial), rms val.prob; clustered errors by the linearisation engine
 */
export function logisticRecalibration(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  of: { readonly clusters: Clusters; readonly rule?: StoppingRule },
): Recalibration | 'one_class' | 'not_converged' {
  assertProbabilities(truth, probabilities)
  const n = probabilities.length
  assertUnits(of.clusters, n, 'logisticRecalibration')
  let positives = 0
  for (let i = 0; i < n; i++) positives += truth[i] as number
  if (positives === 0 || positives === n) return 'one_class'
  const covariate = Float64Array.from({ length: n }, (_, i) => clippedLogit(probabilities[i] as number))
  const offset = { truth, covariate, withSlope: false }
  const line = { truth, covariate, withSlope: true }
  const large = fitLogistic(offset, of.rule ?? 'exact')
  const full = fitLogistic(line, of.rule ?? 'exact')
  if (large === null || full === null) return 'not_converged'
  const share = positives / n
  const [intercept, slope] = coefficients(line, full, of.clusters)
  return {
    inTheLarge: coefficients(offset, large, of.clusters)[0],
    intercept,
    slope,
    deviance: {
      null: -2 * (positives * Math.log(share) + (n - positives) * Math.log(1 - share)),
      asGiven: logisticDeviance(line, [0, 1]),
      recalibrated: logisticDeviance(line, full.at),
    },
  }
}

function coefficients(
  data: LogisticData,
  { at, inverse }: LogisticFit,
  clusters: Clusters,
): [Coefficient, Coefficient] {
  const { truth, covariate } = data
  const ofIntercept = new Float64Array(covariate.length)
  const ofSlope = new Float64Array(covariate.length)
  for (let i = 0; i < covariate.length; i++) {
    const x = covariate[i] as number
    const residual = (truth[i] as number) - expit(at[0] + at[1] * x)
    ofIntercept[i] = residual * (inverse[0] + inverse[1] * x)
    ofSlope[i] = residual * (inverse[1] + inverse[2] * x)
  }
  return [
    { estimate: at[0], se: Math.sqrt(inverse[0]), clusteredSe: clusteredSe(ofIntercept, clusters) },
    { estimate: at[1], se: Math.sqrt(inverse[2]), clusteredSe: clusteredSe(ofSlope, clusters) },
  ]
}

function clusteredSe(influence: Float64Array, clusters: Clusters): number | null {
  const variance = linearisedVariance(influence, clusters)
  return variance === null ? null : Math.sqrt(variance)
}
