import type { AgreementWeights } from './agreement-weights.ts'
import { margins, type RatingTable } from './rating-table.ts'

export type KappaParts = {
  readonly estimate: number
  /** Weighted observed and expected agreement. */
  readonly observed: number
  readonly expected: number
  /** Mean weight of row i against B's margin, and of column j against A's. */
  readonly rowMean: Float64Array
  readonly columnMean: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
}

export type KappaReason = 'no_units' | 'one_category'

/**
 * Weighted kappa on the declared scale: (po - pe) / (1 - pe), po = sum w p_ij, pe = sum w p_i. p_.j.
 *
 * @returns unitless, at most 1; undefined `one_category` when pe is 1, `no_units` without units
 * @throws {RangeError} weights of another size than the table
 * @see Cohen (1968) Psychol Bull 70:213; methods 2.8. Oracle: irrCAC 1.0 kappa2.table, statsmodels 0.13.5 cohens_kappa
 */
export function weightedKappa(table: RatingTable, weights: AgreementWeights): KappaParts | KappaReason {
  const { size, counts, n } = table
  if (weights.size !== size) throw new RangeError(`weightedKappa: ${weights.size} weights for a scale of ${size}`)
  if (n === 0) return 'no_units'
  const { first, second } = margins(table)
  const rowMean = new Float64Array(size)
  const columnMean = new Float64Array(size)
  let observed = 0
  let expected = 0
  let disagreement = 0
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const w = weights.at[i * size + j] as number
      const product = (first[i] as number) * (second[j] as number)
      observed += (w * (counts[i * size + j] as number)) / n
      expected += w * product
      disagreement += (1 - w) * product
      rowMean[i] = (rowMean[i] as number) + w * (second[j] as number)
      columnMean[j] = (columnMean[j] as number) + w * (first[i] as number)
    }
  }
  // 1 - pe is summed directly: by subtraction a degenerate table leaves a residue that passes for a number.
  if (disagreement === 0) return 'one_category'
  return { estimate: (observed - expected) / disagreement, observed, expected, rowMean, columnMean, first, second }
}

/**
 * Standard errors of weighted kappa for independent units: `nonNull` for intervals, `underNull` only for kappa = 0.
 *
 * @see Fleiss, Cohen & Everitt (1969) Psychol Bull 72:323. Oracle: irrCAC kappa2.table, vcd Kappa, statsmodels std_kappa0
 */
export function kappaStandardErrors(
  table: RatingTable,
  weights: AgreementWeights,
  kappa: KappaParts,
): { nonNull: number; underNull: number } {
  const { size, counts, n } = table
  const { estimate, expected, rowMean, columnMean, first, second } = kappa
  // Deviations from their mean, not a difference of squares: where the exact variance is 0 it comes out 0.
  const centre = estimate - expected * (1 - estimate)
  let nonNull = 0
  let underNull = 0
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const w = weights.at[i * size + j] as number
      const reach = (rowMean[i] as number) + (columnMean[j] as number)
      nonNull += ((counts[i * size + j] as number) / n) * (w - (1 - estimate) * reach - centre) ** 2
      underNull += (first[i] as number) * (second[j] as number) * (w - reach + expected) ** 2
    }
  }
  const scale = n * (1 - expected) ** 2
  return {
    nonNull: Math.sqrt(withoutResidue(nonNull) / scale),
    underNull: Math.sqrt(withoutResidue(underNull) / scale),
  }
}

/** Weights are of the order of 1, so a mean square below this is rounding residue of 0. */
function withoutResidue(meanSquare: number): number {
  return meanSquare < 1e-24 ? 0 : meanSquare
}
