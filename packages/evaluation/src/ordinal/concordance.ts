import { midranks, sortedOrder } from '../roc/midranks.ts'
import { fenwickTree } from './fenwick-tree.ts'

export type Concordance = {
  /** P(score rises with truth) + P(score tie)/2 over pairs of different truth. */
  readonly index: number
  /** Somers' D = 2 index - 1, and its standard error for independent units. */
  readonly somersD: number
  readonly somersSe: number
  /** Ordered pairs, every pair counting twice; a tie of the score is half concordant. */
  readonly relevantPairs: number
  readonly concordantPairs: number
}

/**
 * Concordance index of a score with an ordinal truth, O(n log n).
 *
 * @param truth  any ordered values; pairs with equal truth do not count
 * @returns `one_category` when the truth does not vary, `no_units`
 * @throws {RangeError} lengths differ, a value that is NaN
 * @see Harrell (1982) JAMA 247:2543; methods 2.7. Oracle: Hmisc rcorr.cens(outx = FALSE)
 */
export function concordance(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
): Concordance | 'no_units' | 'one_category' {
  const n = truth.length
  if (scores.length !== n) throw new RangeError(`concordance: ${n} truths, ${scores.length} scores`)
  if (n === 0) return 'no_units'
  const { relevant, net } = pairCounts(truth, scores)
  let pairs = 0
  let squares = 0
  let netSum = 0
  let netSquares = 0
  let product = 0
  for (let i = 0; i < n; i++) {
    const r = relevant[i] as number
    const w = net[i] as number
    pairs += r
    squares += r * r
    netSum += w
    netSquares += w * w
    product += r * w
  }
  if (pairs === 0) return 'one_category'
  const somersD = netSum / pairs
  const spread = squares * netSum ** 2 - 2 * pairs * netSum * product + netSquares * pairs ** 2
  const somersSe = (2 * Math.sqrt(Math.max(0, spread))) / pairs / pairs
  return { index: (somersD + 1) / 2, somersD, somersSe, relevantPairs: pairs, concordantPairs: (pairs + netSum) / 2 }
}

type PairCounts = { relevant: Float64Array; net: Float64Array }

/** Per unit: pairs of different truth, and concordant less discordant ones among them. */
function pairCounts(truth: ArrayLike<number>, scores: ArrayLike<number>): PairCounts {
  const n = truth.length
  const order = sortedOrder(truth)
  const ranks = midranks(scores)
  const counts = { relevant: new Float64Array(n), net: new Float64Array(n) }
  sweep([...order], { truth, ranks, counts, sign: 1 })
  sweep([...order].reverse(), { truth, ranks, counts, sign: -1 })
  return counts
}

type Sweep = { truth: ArrayLike<number>; ranks: Float64Array; counts: PairCounts; sign: 1 | -1 }

/** Visits groups of equal truth in order; each unit is compared with everything visited before its group. */
function sweep(order: readonly number[], { truth, ranks, counts, sign }: Sweep): void {
  const tree = fenwickTree(2 * order.length + 1)
  // Midranks are multiples of one half, so twice the rank is a place.
  const place = (unit: number): number => 2 * (ranks[unit] as number)
  for (let start = 0, seen = 0; start < order.length; ) {
    const value = truth[order[start] as number]
    let end = start
    while (end < order.length && truth[order[end] as number] === value) end++
    for (let i = start; i < end; i++) {
      const unit = order[i] as number
      const below = tree.upTo(place(unit) - 1)
      const tied = tree.upTo(place(unit)) - below
      const above = seen - below - tied
      counts.relevant[unit] = (counts.relevant[unit] as number) + seen
      counts.net[unit] = (counts.net[unit] as number) + sign * (below - above)
    }
    for (let i = start; i < end; i++) tree.add(place(order[i] as number))
    seen += end - start
    start = end
  }
}
