import { assertUnits, type Clusters } from '../cluster/clusters.ts'
import { linearisedVariance } from '../cluster/linearised-covariance.ts'
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
 * Logistic recalibration by Newton's method; p is kept 1e-12 away from 0 and 1.
 *
 * @returns `one_class` when only one class occurs, `not_converged` on separation or constant probabilities
 * @throws {RangeError} as `assertProbabilities`; clusters of another number of units
 * @see Cox (1958); methods 2.10. Oracle: R glm(binomial), rms val.prob; clustered errors by the linearisation engine
 */
export function logisticRecalibration(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  clusters: Clusters,
): Recalibration | 'one_class' | 'not_converged' {
  assertProbabilities(truth, probabilities)
  const n = probabilities.length
  assertUnits(clusters, n, 'logisticRecalibration')
  let positives = 0
  for (let i = 0; i < n; i++) positives += truth[i] as number
  if (positives === 0 || positives === n) return 'one_class'
  const logits = Float64Array.from({ length: n }, (_, i) => clippedLogit(probabilities[i] as number))
  const large = fit({ truth, logits, clusters, withSlope: false })
  const full = fit({ truth, logits, clusters, withSlope: true })
  if (large === null || full === null || full.slope === null) return 'not_converged'
  const share = positives / n
  return {
    inTheLarge: large.intercept,
    intercept: full.intercept,
    slope: full.slope,
    deviance: {
      null: -2 * (positives * Math.log(share) + (n - positives) * Math.log(1 - share)),
      asGiven: deviance(truth, logits, [0, 1]),
      recalibrated: deviance(truth, logits, [full.intercept.estimate, full.slope.estimate]),
    },
  }
}

type Fit = { truth: ArrayLike<number>; logits: Float64Array; clusters: Clusters; withSlope: boolean }

function fit(of: Fit): { intercept: Coefficient; slope: Coefficient | null } | null {
  let a = 0
  let b = 1
  for (let step = 0; step < 50; step++) {
    const { score, information } = derivatives(of, a, b)
    const inverse = invert(information, of.withSlope)
    if (inverse === null) return null
    const da = inverse[0] * score[0] + inverse[1] * score[1]
    const db = of.withSlope ? inverse[1] * score[0] + inverse[2] * score[1] : 0
    a += da
    b += db
    if (!(Math.abs(a) < 1e3 && Math.abs(b) < 1e3)) return null
    if (Math.abs(da) + Math.abs(db) < 1e-12 * (1 + Math.abs(a) + Math.abs(b))) return coefficients(of, a, b)
  }
  return null
}

function coefficients(of: Fit, a: number, b: number): { intercept: Coefficient; slope: Coefficient | null } | null {
  const inverse = invert(derivatives(of, a, b).information, of.withSlope)
  if (inverse === null) return null
  const n = of.logits.length
  const ofIntercept = new Float64Array(n)
  const ofSlope = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const x = of.logits[i] as number
    const residual = (of.truth[i] as number) - expit(a + b * x)
    ofIntercept[i] = residual * (inverse[0] + inverse[1] * x)
    ofSlope[i] = residual * (inverse[1] + inverse[2] * x)
  }
  return {
    intercept: { estimate: a, se: Math.sqrt(inverse[0]), clusteredSe: clusteredSe(ofIntercept, of.clusters) },
    slope: of.withSlope
      ? { estimate: b, se: Math.sqrt(inverse[2]), clusteredSe: clusteredSe(ofSlope, of.clusters) }
      : null,
  }
}

function clusteredSe(influence: Float64Array, clusters: Clusters): number | null {
  const variance = linearisedVariance(influence, clusters)
  return variance === null ? null : Math.sqrt(variance)
}

type Symmetric = [number, number, number]

function derivatives(
  { truth, logits }: Fit,
  a: number,
  b: number,
): { score: [number, number]; information: Symmetric } {
  const score: [number, number] = [0, 0]
  const information: Symmetric = [0, 0, 0]
  for (let i = 0; i < logits.length; i++) {
    const x = logits[i] as number
    const p = expit(a + b * x)
    const residual = (truth[i] as number) - p
    const weight = p * (1 - p)
    score[0] += residual
    score[1] += residual * x
    information[0] += weight
    information[1] += weight * x
    information[2] += weight * x * x
  }
  return { score, information }
}

/** Inverse of the information; of its first entry alone without a slope. Null when singular. */
function invert([aa, ab, bb]: Symmetric, withSlope: boolean): Symmetric | null {
  if (!withSlope) return aa > 1e-12 ? [1 / aa, 0, 0] : null
  const determinant = aa * bb - ab * ab
  return determinant > 1e-12 * aa * bb ? [bb / determinant, -ab / determinant, aa / determinant] : null
}

function deviance(truth: ArrayLike<number>, logits: Float64Array, [a, b]: readonly [number, number]): number {
  let total = 0
  for (let i = 0; i < logits.length; i++) {
    const eta = a + b * (logits[i] as number)
    total += 2 * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))) - (truth[i] as number) * eta)
  }
  return total
}

function expit(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
}
