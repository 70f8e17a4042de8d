import { PARTS, type Part } from './part.ts'
import type { Ratios } from './protocol-document.ts'
import type { PartCounts } from './split-seal.ts'

type Row = { [P in Part]: number }
type Move = { readonly row: number; readonly from: Part; readonly to: Part; readonly cost: number }

/**
 * Whole numbers of patients per stratum and part, with both margins exact: each stratum's size, and the parts' sizes
 * over the whole roster. Among all such tables this one lies closest to the exact shares (least sum of squared
 * differences); where several do, the order of the strata decides, so the caller passes them in a drawn order.
 *
 * First every stratum is rounded by itself, which is the closest table without the parts' sizes; then single patients
 * move between parts along the cheapest way until the sizes are met (successive shortest paths, convex costs: each step
 * keeps the table optimal). Linear in strata × moves, and there are at most about as many moves as strata.
 *
 * @param sizes  patients in each stratum
 * @param totals  sizes of the parts; they add up to the sum of `sizes`
 * @returns one row for each stratum, in their order
 * @throws {RangeError} margins that do not add up
 */
export function controlledRounding(ratios: Ratios, sizes: readonly number[], totals: PartCounts): PartCounts[] {
  const patients = sizes.reduce((sum, size) => sum + size, 0)
  if (totals.train + totals.validation + totals.test !== patients) {
    throw new RangeError('controlledRounding: the margins do not add up')
  }
  const rows = sizes.map((size) => roundedRow(ratios, size))
  const excess = { train: -totals.train, validation: -totals.validation, test: -totals.test }
  for (const row of rows) for (const part of PARTS) excess[part] += row[part]
  for (;;) {
    const from = PARTS.find((part) => excess[part] > 0)
    if (from === undefined) return rows
    const moves = cheapestMoves(ratios, sizes, rows)
    const { to, path } = cheapestWay(moves, from, excess)
    for (const move of path) {
      const row = rows[move.row] as Row
      row[move.from] -= 1
      row[move.to] += 1
    }
    excess[from] -= 1
    excess[to] += 1
  }
}

/** The closest whole numbers of one stratum: patients one by one to the part that is furthest below its share. */
function roundedRow(ratios: Ratios, size: number): Row {
  const row = { train: 0, validation: 0, test: 0 }
  for (const part of PARTS) row[part] = Math.floor((ratios[part] * size) / 100)
  const shortfall = (part: Part): number => ratios[part] * size - 100 * row[part]
  const left = size - row.train - row.validation - row.test
  for (const part of PARTS.toSorted((a, b) => shortfall(b) - shortfall(a)).slice(0, left)) row[part] += 1
  return row
}

/** Cheapest move of one patient for each pair of parts; cost in squared hundredths of a patient, up to a factor. */
function cheapestMoves(ratios: Ratios, sizes: readonly number[], rows: readonly Row[]): Move[] {
  const best = new Map<string, Move>()
  for (const [index, row] of rows.entries()) {
    const size = sizes[index] as number
    for (const from of PARTS) {
      if (row[from] === 0) continue
      const over = 100 * row[from] - ratios[from] * size
      for (const to of PARTS) {
        if (to === from) continue
        // (x - 1)^2 - x^2 + (y + 1)^2 - y^2 = 2 (1 - x + y), with x, y the distance above the exact share
        const cost = 100 - over + (100 * row[to] - ratios[to] * size)
        const known = best.get(from + to)
        if (!known || cost < known.cost) best.set(from + to, { row: index, from, to, cost })
      }
    }
  }
  return [...best.values()]
}

function cheapestWay(
  moves: readonly Move[],
  from: Part,
  excess: Readonly<Row>,
): { to: Part; path: readonly Move[] } {
  const ways = PARTS.filter((part) => excess[part] < 0).flatMap((to) => {
    const direct = moves.filter((move) => move.from === from && move.to === to).map((move) => [move])
    const [via] = PARTS.filter((part) => part !== from && part !== to)
    const first = moves.find((move) => move.from === from && move.to === via)
    const second = moves.find((move) => move.from === via && move.to === to)
    return [...direct, ...(first && second ? [[first, second]] : [])].map((path) => ({ to, path }))
  })
  const cost = (path: readonly Move[]): number => path.reduce((sum, move) => sum + move.cost, 0)
  const [cheapest] = ways.toSorted((a, b) => cost(a.path) - cost(b.path))
  if (!cheapest) throw new RangeError('controlledRounding: no patient can move')
  return cheapest
}
