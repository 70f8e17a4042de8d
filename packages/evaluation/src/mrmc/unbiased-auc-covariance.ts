import { type SquareMatrix, symmetricMatrix } from '../matrix.ts'
import type { StructuralComponents } from '../roc/structural-components.ts'

export type ScoredUnits = { readonly components: StructuralComponents; readonly scores: ArrayLike<number> }

/**
 * Unbiased (U-statistic) covariance matrix of AUCs of several scores on the same independent units:
 * c1 M1 + c2 M2 + c3 M3 + (c4 - 1) M4 over pairs of pairs that share both units, the positive, the negative, neither.
 * May be negative on the diagonal. O(mn) per pair of scores: a cross-check, not the primary covariance.
 *
 * @returns `one_unit_in_class` with a single positive or a single negative
 * @see Gallas (2006) Acad Radiol 13:353; methods 2.6. Oracle: MRMCaov 0.3.0 cov = "unbiased"
 */
export function unbiasedAucCovariance(scored: readonly ScoredUnits[]): SquareMatrix | 'one_unit_in_class' {
  const first = scored[0]?.components
  if (first === undefined) throw new RangeError('unbiasedAucCovariance: no scores')
  const m = first.positives.length
  const n = first.negatives.length
  if (m < 2 || n < 2) return 'one_unit_in_class'
  return symmetricMatrix(scored.length, (a, b) => {
    const [one, two] = [scored[a] as ScoredUnits, scored[b] as ScoredUnits]
    const all = (m * n) ** 2 * one.components.auc * two.components.auc
    const both = sharedPairs(one, two)
    const positive = n ** 2 * dot(one.components.ofPositive, two.components.ofPositive)
    const negative = m ** 2 * dot(one.components.ofNegative, two.components.ofNegative)
    const pairs = m * n
    const m1 = both / pairs
    const m2 = (positive - both) / (pairs * (n - 1))
    const m3 = (negative - both) / (pairs * (m - 1))
    const m4 = (all - positive - negative + both) / (pairs * (m - 1) * (n - 1))
    return (m1 + (n - 1) * m2 + (m - 1) * m3 + ((m - 1) * (n - 1) - pairs) * m4) / pairs
  })
}

/** Sum over all positive-negative pairs of the product of both scores' outcomes. */
function sharedPairs(one: ScoredUnits, two: ScoredUnits): number {
  let total = 0
  for (const p of one.components.positives) {
    for (const q of one.components.negatives) total += outcome(one.scores, p, q) * outcome(two.scores, p, q)
  }
  return total
}

function outcome(scores: ArrayLike<number>, positive: number, negative: number): number {
  const [a, b] = [scores[positive] as number, scores[negative] as number]
  return a > b ? 1 : a === b ? 0.5 : 0
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number)
  return total
}
