import { normalUpper } from '../distribution/normal.ts'
import { studentQuantile, studentTwoSided, studentUpper } from '../distribution/student-t.ts'

export type MarginTest = {
  /** (difference + margin) / se. */
  readonly statistic: number
  /** One-sided p of "difference <= -margin". */
  readonly pNonInferior: number
  /** The same with the normal in place of t. */
  readonly pNonInferiorNormal: number
  /** Lower limit of the two-sided interval at `level`; non-inferior when it lies above -margin. */
  readonly lower: number
  readonly isNonInferior: boolean
  /** Two one-sided tests of |difference| < margin: the larger p. */
  readonly pEquivalent: number
  /** Two-sided p of "difference = 0", tested after non-inferiority without a penalty. */
  readonly pDifferent: number
}

/**
 * Non-inferiority (higher is better) and equivalence from an estimate, its standard error and degrees of freedom.
 *
 * @param of  df of the interval (patients less one, or Hillis'); margin > 0, declared before unsealing; level such as .95
 * @returns `zero_variance` when se is 0
 * @throws {RangeError} margin not above 0, se negative, a difference that is not finite
 * @see methods 2.12. Oracle: R pt, qt
 */
export function marginTest(
  difference: number,
  se: number,
  of: { readonly df: number; readonly margin: number; readonly level: number },
): MarginTest | 'zero_variance' {
  const { df, margin, level } = of
  if (!(margin > 0)) throw new RangeError(`marginTest: margin ${margin}`)
  if (!Number.isFinite(difference)) throw new RangeError(`marginTest: difference ${difference}`)
  if (!(se >= 0)) throw new RangeError(`marginTest: se ${se}`)
  if (se === 0) return 'zero_variance'
  const statistic = (difference + margin) / se
  const lower = difference - studentQuantile((1 + level) / 2, df) * se
  const pNonInferior = studentUpper(statistic, df)
  return {
    statistic,
    pNonInferior,
    pNonInferiorNormal: normalUpper(statistic),
    lower,
    isNonInferior: lower > -margin,
    pEquivalent: Math.max(pNonInferior, studentUpper(-(difference - margin) / se, df)),
    pDifferent: studentTwoSided(difference / se, df),
  }
}
