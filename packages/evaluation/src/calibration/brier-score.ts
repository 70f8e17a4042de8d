import { normalTwoSided } from '../distribution/normal.ts'
import { assertProbabilities } from './probability-check.ts'

export type BrierScore = {
  readonly score: number
  /** Of the constant forecast at the prevalence. */
  readonly ofPrevalence: number
  /** 1 - score / ofPrevalence; null when only one class occurs. */
  readonly scaled: number | null
}

/** Mean (p - y)². Throws as `assertProbabilities`. Methods 2.10. Oracle: scikit-learn 1.2.1 brier_score_loss, rms val.prob */
export function brierScore(truth: ArrayLike<number>, probabilities: ArrayLike<number>): BrierScore {
  assertProbabilities(truth, probabilities)
  const n = probabilities.length
  let squares = 0
  let positives = 0
  for (let i = 0; i < n; i++) {
    squares += ((probabilities[i] as number) - (truth[i] as number)) ** 2
    positives += truth[i] as number
  }
  const prevalence = positives / n
  const ofPrevalence = prevalence * (1 - prevalence)
  const score = squares / n
  return { score, ofPrevalence, scaled: ofPrevalence === 0 ? null : 1 - score / ofPrevalence }
}

/** Mean negative log likelihood, probabilities kept 1e-12 away from 0 and 1. Throws as `assertProbabilities`. */
export function logLoss(truth: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  assertProbabilities(truth, probabilities)
  let total = 0
  for (let i = 0; i < probabilities.length; i++) {
    const ofTruth = truth[i] === 1 ? (probabilities[i] as number) : 1 - (probabilities[i] as number)
    total -= Math.log(Math.max(1e-12, ofTruth))
  }
  return total / probabilities.length
}

/**
 * Spiegelhalter's test of calibration by the Brier score.
 *
 * @returns null when every probability is 0, 1 or one half
 * @see Spiegelhalter (1986) Stat Med 5:421. Oracle: rms val.prob "S:z"
 */
export function spiegelhalter(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): { z: number; p: number } | null {
  assertProbabilities(truth, probabilities)
  let above = 0
  let variance = 0
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number
    above += ((truth[i] as number) - p) * (1 - 2 * p)
    variance += (1 - 2 * p) ** 2 * p * (1 - p)
  }
  if (variance === 0) return null
  const z = above / Math.sqrt(variance)
  return { z, p: normalTwoSided(z) }
}

/** Observed over expected events; null when nothing is expected. Throws as `assertProbabilities`. */
export function observedOverExpected(truth: ArrayLike<number>, probabilities: ArrayLike<number>): number | null {
  assertProbabilities(truth, probabilities)
  let observed = 0
  let expected = 0
  for (let i = 0; i < probabilities.length; i++) {
    observed += truth[i] as number
    expected += probabilities[i] as number
  }
  return expected === 0 ? null : observed / expected
}
