import { normalQuantile } from '../distribution/normal.ts'

/**
 * Variance of an AUC times the number of positives, without a pilot:
 * .0099 e^{-A²/2} ((5A² + 8) + (A² + 8)/R), A = 1.414 Phi^-1(AUC).
 *
 * @param ratio  negatives per positive
 * @throws {RangeError} auc outside (0, 1), ratio not above 0
 * @see Obuchowski (1994); methods 2.13. Oracle: pROC 1.18.0 power.roc.test
 */
export function plannedAucVariance(auc: number, ratio: number): number {
  if (!(auc > 0 && auc < 1) || !(ratio > 0)) throw new RangeError(`plannedAucVariance: AUC ${auc}, ratio ${ratio}`)
  const a = normalQuantile(auc) * 1.414
  return 0.0099 * Math.exp(-(a ** 2) / 2) * (5 * a ** 2 + 8 + (a ** 2 + 8) / ratio)
}

/**
 * Positives and negatives to show that an AUC is different from one half, two-sided. Not rounded up.
 *
 * @throws {RangeError} as `plannedAucVariance`; AUC one half; alpha or power outside (0, 1)
 */
export function casesForAuc(of: { auc: number; alpha: number; power: number; ratio: number }): {
  positives: number
  negatives: number
} {
  if (of.auc === 0.5) throw new RangeError('casesForAuc: an AUC of one half cannot be told from chance')
  const none = Math.sqrt(plannedAucVariance(0.5, of.ratio))
  const some = Math.sqrt(plannedAucVariance(of.auc, of.ratio))
  const positives = ((normalQuantile(1 - of.alpha / 2) * none + normalQuantile(of.power) * some) / (of.auc - 0.5)) ** 2
  return { positives, negatives: positives * of.ratio }
}
