import { binomialCdf, binomialMass } from '../distribution/binomial.ts'
import { chiSquaredUpper } from '../distribution/chi-squared.ts'
import { exactBinomialTest } from '../proportion/exact-binomial-test.ts'

/** Paired 2×2: both positive, first only, second only, neither. */
export type PairedTable = {
  readonly both: number
  readonly first: number
  readonly second: number
  readonly neither: number
}

export type McNemar = { readonly statistic: number; readonly p: number }

/**
 * McNemar's chi-squared for independent pairs, (b-c)²/(b+c), or with the continuity correction (|b-c|-1)²/(b+c).
 *
 * @returns null without a discordant pair
 * @throws {RangeError} a count that is no whole number >= 0
 * @see McNemar (1947) Psychometrika 12:153. Oracle: R mcnemar.test
 */
export function mcnemar(table: PairedTable, corrected: boolean): McNemar | null {
  const { first, second } = checked(table)
  const discordant = first + second
  if (discordant === 0) return null
  const gap = Math.abs(first - second)
  const statistic = (corrected ? Math.max(0, gap - Math.min(1, gap)) : gap) ** 2 / discordant
  return { statistic, p: chiSquaredUpper(statistic, 1) }
}

/** Exact two-sided binomial test on the discordant pairs. Null without one. Oracle: R binom.test(b, b + c) */
export function mcnemarExact(table: PairedTable): number | null {
  const { first, second } = checked(table)
  const n = first + second
  return n === 0 ? null : exactBinomialTest(first, n, { probability: 0.5, alternative: 'two-sided' })
}

/** Mid-p: 2 P(X <= min) - P(X = min), at most 1; 1 without a discordant pair. Fagerland (2013) BMC Med Res Methodol 13:91. */
export function mcnemarMidP(table: PairedTable): number {
  const { first, second } = checked(table)
  const least = Math.min(first, second)
  const n = first + second
  return n === 0 ? 1 : Math.min(1, 2 * binomialCdf(least, n, 0.5) - binomialMass(least, n, 0.5))
}

function checked(table: PairedTable): PairedTable {
  for (const count of [table.both, table.first, table.second, table.neither]) {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`mcnemar: count ${count}`)
  }
  return table
}
