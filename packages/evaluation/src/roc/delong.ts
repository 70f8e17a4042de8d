import { normalQuantile, normalTwoSided } from '../distribution/normal.ts'
import { studentTwoSided } from '../distribution/student-t.ts'
import { type SquareMatrix, symmetricMatrix } from '../matrix.ts'
import type { Interval } from '../result.ts'
import { sampleCovariance } from '../sample-moments.ts'
import type { StructuralComponents } from './structural-components.ts'

/**
 * Covariance matrix of AUCs of several scores on the same independent units: S10/m + S01/n.
 *
 * @returns null `one_unit_in_class` with a single positive or a single negative
 * @see DeLong (1988). Oracle: pROC 1.18.0 var, cov (method = "delong"); MRMCaov 0.3.0 cov = "DeLong"
 */
export function delongCovariance(scores: readonly StructuralComponents[]): SquareMatrix | 'one_unit_in_class' {
  const first = scores[0]
  if (first === undefined) throw new RangeError('delongCovariance: no scores')
  const m = first.positives.length
  const n = first.negatives.length
  if (m < 2 || n < 2) return 'one_unit_in_class'
  return symmetricMatrix(scores.length, (a, b) => {
    const [one, two] = [scores[a] as StructuralComponents, scores[b] as StructuralComponents]
    if (two.positives.length !== m || two.negatives.length !== n) throw new RangeError('delongCovariance: other units')
    return sampleCovariance(one.ofPositive, two.ofPositive) / m + sampleCovariance(one.ofNegative, two.ofNegative) / n
  })
}

export type ScoreComparison = {
  readonly difference: number
  readonly se: number
  readonly statistic: number
  /** Null: normal reference. */
  readonly df: number | null
  readonly p: number
  readonly ci: Interval
}

/**
 * Two AUCs on the same units: z = (A1 - A2) / sqrt(v1 + v2 - 2c).
 *
 * @returns `zero_variance` when the difference has none (identical rankings)
 * @see DeLong (1988). Oracle: pROC 1.18.0 roc.test(paired = TRUE)
 */
export function pairedAucTest(
  aucs: readonly [number, number],
  covariance: SquareMatrix,
  level: number,
): ScoreComparison | 'zero_variance' {
  const [v1, c, , v2] = covariance.at as unknown as [number, number, number, number]
  const variance = v1 + v2 - 2 * c
  if (!(variance > 1e-16 * (v1 + v2))) return 'zero_variance'
  const difference = aucs[0] - aucs[1]
  const se = Math.sqrt(variance)
  const half = normalQuantile((1 + level) / 2) * se
  const statistic = difference / se
  const ci = { lower: difference - half, upper: difference + half }
  return { difference, se, statistic, df: null, p: normalTwoSided(statistic), ci }
}

export type IndependentAuc = { readonly auc: number; readonly variance: number; readonly n: number }

/**
 * Two AUCs on different patients: D = (A1 - A2) / sqrt(v1 + v2), t with Welch–Satterthwaite degrees of freedom.
 *
 * @returns `zero_variance` when neither has any, `one_unit_in_class` with a group of one
 * @see methods 2.4. Oracle: pROC 1.18.0 roc.test(paired = FALSE)
 */
export function unpairedAucTest(
  one: IndependentAuc,
  two: IndependentAuc,
): { statistic: number; df: number; p: number } | 'zero_variance' | 'one_unit_in_class' {
  if (one.n < 2 || two.n < 2) return 'one_unit_in_class'
  const variance = one.variance + two.variance
  if (variance === 0) return 'zero_variance'
  const df = variance ** 2 / (one.variance ** 2 / (one.n - 1) + two.variance ** 2 / (two.n - 1))
  const statistic = (one.auc - two.auc) / Math.sqrt(variance)
  return { statistic, df, p: studentTwoSided(statistic, df) }
}
