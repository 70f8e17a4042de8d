import { normalQuantile } from '../distribution/normal.ts'
import { clopperPearson } from '../proportion/clopper-pearson.ts'
import type { Interval } from '../result.ts'
import type { PairedTable } from './mcnemar.ts'

export type PairedDifference = { readonly difference: number; readonly se: number; readonly ci: Interval }

/**
 * P(first) - P(second) = (b - c)/n with the Wald interval; `adjusted` adds half a pair to each cell (Agresti & Min).
 *
 * @throws {RangeError} no pairs
 * @see Agresti & Min (2005) Stat Med 24:729. Oracle: PropCIs diffpropci.mp, DTComPair 1.2.2 sesp.diff.ci
 */
export function waldPairedDifference(table: PairedTable, of: { level: number; adjusted: boolean }): PairedDifference {
  const total = pairs(table)
  const [b, c] = [table.first, table.second]
  const n = of.adjusted ? total + 2 : total
  const difference = (b - c) / n
  const spread = b + c + (of.adjusted ? 1 : 0) - (b - c) ** 2 / n
  const se = Math.sqrt(Math.max(0, spread)) / n
  const half = normalQuantile((1 + of.level) / 2) * se
  return { difference, se, ci: { lower: difference - half, upper: difference + half } }
}

/**
 * Tango's score interval of P(first) - P(second), by bisection to 1e-12.
 *
 * @throws {RangeError} no pairs, level outside (0, 1)
 * @see Tango (1998) Stat Med 17:891. Oracle: PropCIs scoreci.mp (iterative, about 1e-5)
 */
export function tangoInterval(table: PairedTable, level: number): Interval {
  const n = pairs(table)
  const [b, c] = [table.first, table.second]
  const z = normalQuantile((1 + level) / 2)
  const score = (delta: number): number => {
    const B = -b - c + (2 * n - b + c) * delta
    const C = -c * delta * (1 - delta)
    const q = (Math.sqrt(Math.max(0, B * B - 8 * n * C)) - B) / (4 * n)
    const variance = n * (2 * q + delta * (1 - delta))
    const gap = b - c - n * delta
    if (variance <= 0) return gap === 0 ? 0 : Math.sign(gap) * Number.POSITIVE_INFINITY
    return gap / Math.sqrt(variance)
  }
  const estimate = (b - c) / n
  // The score falls as delta rises: it is z at the lower limit and -z at the upper.
  return {
    lower: bisect((delta) => score(delta) - z, -1, estimate),
    upper: bisect((delta) => score(delta) + z, estimate, 1),
  }
}

/** Exact interval of the odds b : c of the discordant pairs; `upper` null is unbounded. Null without a discordant pair. */
export function exactDiscordantOdds(table: PairedTable, level: number): { lower: number; upper: number | null } | null {
  const n = table.first + table.second
  if (n === 0) return null
  const { lower, upper } = clopperPearson(table.first, n, level)
  return { lower: lower / (1 - lower), upper: upper === 1 ? null : upper / (1 - upper) }
}

function pairs(table: PairedTable): number {
  const n = table.both + table.first + table.second + table.neither
  if (!(n > 0)) throw new RangeError('paired difference: no pairs')
  return n
}

function bisect(falling: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high]
  if (falling(a) <= 0) return a
  if (falling(b) >= 0) return b
  for (let step = 0; step < 100 && b - a > 1e-13; step++) {
    const middle = (a + b) / 2
    if (falling(middle) > 0) a = middle
    else b = middle
  }
  return (a + b) / 2
}
