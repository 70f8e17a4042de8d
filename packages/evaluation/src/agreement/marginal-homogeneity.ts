import { chiSquaredUpper } from '../distribution/chi-squared.ts'
import { solveLinear } from '../solve-linear.ts'
import type { RatingTable } from './rating-table.ts'

export type ChiSquaredTest = { readonly statistic: number; readonly df: number; readonly p: number }

/**
 * Bowker's test of symmetry: sum over i < j of (n_ij - n_ji)² / (n_ij + n_ji).
 *
 * @returns null when no unit lies off the diagonal
 * @see Bowker (1948) JASA 43:572. Oracle: statsmodels 0.13.5 SquareTable.symmetry
 */
export function bowker({ size, counts }: RatingTable): ChiSquaredTest | null {
  let statistic = 0
  let any = false
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const a = counts[i * size + j] as number
      const b = counts[j * size + i] as number
      if (a + b === 0) continue
      any = true
      statistic += (a - b) ** 2 / (a + b)
    }
  }
  const df = (size * (size - 1)) / 2
  return any ? { statistic, df, p: chiSquaredUpper(statistic, df) } : null
}

/**
 * Stuart–Maxwell test of equal margins: d' S^-1 d over all categories but the last.
 *
 * @returns null when the covariance is singular (a category that nobody used, or no disagreement)
 * @see Stuart (1955) Biometrika 42:412; Maxwell (1970). Oracle: statsmodels 0.13.5 SquareTable.homogeneity
 */
export function stuartMaxwell({ size, counts }: RatingTable): ChiSquaredTest | null {
  const count = (i: number, j: number): number => counts[i * size + j] as number
  const row = Array.from({ length: size }, (_, i) => sumTo(size, (j) => count(i, j)))
  const column = Array.from({ length: size }, (_, j) => sumTo(size, (i) => count(i, j)))
  const df = size - 1
  const gap = Array.from({ length: df }, (_, i) => (row[i] as number) - (column[i] as number))
  const covariance = Array.from({ length: df }, (_, i) =>
    Array.from({ length: df }, (__, j) =>
      i === j ? (row[i] as number) + (column[i] as number) - 2 * count(i, i) : -(count(i, j) + count(j, i)),
    ),
  )
  const solved = solveLinear(covariance, gap)
  if (solved === null) return null
  const statistic = gap.reduce((sum, d, i) => sum + d * (solved[i] as number), 0)
  return { statistic, df, p: chiSquaredUpper(statistic, df) }
}

function sumTo(size: number, term: (index: number) => number): number {
  let total = 0
  for (let i = 0; i < size; i++) total += term(i)
  return total
}
