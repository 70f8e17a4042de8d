import { assertProbabilities } from './probability-check.ts'

export type NetBenefit = {
  readonly threshold: number
  /** True and false positives over all units. */
  readonly tpShare: number
  readonly fpShare: number
  readonly netBenefit: number
}

/**
 * Net benefit TP/n - FP/n t/(1-t) of acting when p >= t.
 *
 * @param thresholds  in [0, 1)
 * @throws {RangeError} as `assertProbabilities`; a threshold outside [0, 1)
 * @see Vickers & Elkin (2006) Med Decis Making 26:565. Oracle: dcurves 0.5.1
 */
export function decisionCurve(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  thresholds: readonly number[],
): NetBenefit[] {
  assertProbabilities(truth, probabilities)
  const n = probabilities.length
  return thresholds.map((threshold) => {
    let tp = 0
    let fp = 0
    for (let i = 0; i < n; i++) {
      if ((probabilities[i] as number) < threshold) continue
      if (truth[i] === 1) tp++
      else fp++
    }
    return netBenefit(threshold, tp / n, fp / n)
  })
}

/** Acting on everyone, and on no one, at the same thresholds: what a curve is judged against. */
export function treatAllOrNone(
  prevalence: number,
  thresholds: readonly number[],
): { readonly all: NetBenefit[]; readonly none: NetBenefit[] } {
  return {
    all: thresholds.map((threshold) => netBenefit(threshold, prevalence, 1 - prevalence)),
    none: thresholds.map((threshold) => netBenefit(threshold, 0, 0)),
  }
}

function netBenefit(threshold: number, tpShare: number, fpShare: number): NetBenefit {
  if (!(threshold >= 0 && threshold < 1)) throw new RangeError(`decisionCurve: threshold ${threshold}`)
  return { threshold, tpShare, fpShare, netBenefit: tpShare - (fpShare * threshold) / (1 - threshold) }
}
