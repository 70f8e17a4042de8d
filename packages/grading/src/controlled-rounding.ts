import { PARTS, type Part } from './part.ts'
import type { RandomStream } from './seeded-random.ts'
import type { PartCounts } from './split-seal.ts'

/** A stratum while it is rounded: whole patients, and what is left over in units of 1 / patients of the roster. */
type Row = { readonly whole: { [P in Part]: number }; readonly left: { [P in Part]: number } }
type Corner = { readonly row: Row; readonly part: Part }

/**
 * Unbiased controlled rounding (Cox 1987) of the table strata × parts. A stratum's share of a part is its size times the
 * part's size over the roster's. Every cell becomes the whole number below or above its share, both margins are exact,
 * and over the draws a cell's mean is its share: so every patient has the same chance of every part, whatever the size
 * of the stratum. Plain nearest rounding would put each stratum of one patient into train, always.
 *
 * Cells with a fraction are picked that form a ring (rows and columns in turn); around it the fractions are raised and
 * lowered in turn until one is whole, in one or the other direction with the chances that keep the means. Whole-number
 * arithmetic throughout. Linear in the number of strata.
 *
 * @param sizes  patients in each stratum
 * @param totals  sizes of the parts; they add up to the sum of `sizes`
 * @returns one row for each stratum, in their order
 * @throws {RangeError} margins that do not add up
 * @see Cox LH (1987) A constructive procedure for unbiased controlled rounding. J Am Stat Assoc 82:520-524
 */
export function controlledRounding(stream: RandomStream, sizes: readonly number[], totals: PartCounts): PartCounts[] {
  const patients = sizes.reduce((sum, size) => sum + size, 0)
  if (totals.train + totals.validation + totals.test !== patients) {
    throw new RangeError('controlledRounding: the margins do not add up')
  }
  const rows = sizes.map((size) => shareOf(size, totals, patients))
  // Three rows with fractions always hold a ring, and so do the last two, because the columns add up to whole numbers.
  let open: Row[] = []
  for (const row of rows) {
    open.push(row)
    open = settle(stream, open.filter(hasFraction), { patients, enough: 3 })
  }
  settle(stream, open, { patients, enough: 2 })
  return rows.map(({ whole }) => whole)
}

function shareOf(size: number, totals: PartCounts, patients: number): Row {
  const row = { whole: { train: 0, validation: 0, test: 0 }, left: { train: 0, validation: 0, test: 0 } }
  for (const part of PARTS) {
    const share = size * totals[part]
    row.whole[part] = Math.floor(share / patients)
    row.left[part] = share % patients
  }
  return row
}

function hasFraction({ left }: Row): boolean {
  return PARTS.some((part) => left[part] > 0)
}

/** Rounds rings until fewer than `enough` rows have fractions; those remain. */
function settle(
  stream: RandomStream,
  rows: readonly Row[],
  { patients, enough }: { patients: number; enough: number },
): Row[] {
  let open = [...rows]
  while (open.length >= enough) {
    roundRing(stream, ringIn(open), patients)
    open = open.filter(hasFraction)
  }
  return open
}

/** Corners of a ring: neighbours share a row and a part in turn. */
function ringIn(rows: readonly Row[]): Corner[] {
  const [a, b, c] = rows
  for (const [one, other] of [
    [a, b],
    [a, c],
    [b, c],
  ]) {
    if (!one || !other) continue
    const [first, second] = PARTS.filter((part) => one.left[part] > 0 && other.left[part] > 0)
    if (first && second) return [at(one, first), at(other, first), at(other, second), at(one, second)]
  }
  // Any two of the three rows share one part only, so each has two of the three parts.
  const shared = (one: Row | undefined, other: Row | undefined): Part | undefined =>
    PARTS.find((part) => one && other && one.left[part] > 0 && other.left[part] > 0)
  const [ab, bc, ca] = [shared(a, b), shared(b, c), shared(c, a)]
  if (!a || !b || !c || !ab || !bc || !ca) throw new RangeError('controlledRounding: no ring')
  return [at(a, ab), at(b, ab), at(b, bc), at(c, bc), at(c, ca), at(a, ca)]
}

function at(row: Row, part: Part): Corner {
  return { row, part }
}

function roundRing(stream: RandomStream, ring: readonly Corner[], patients: number): void {
  const fractions = ring.map(({ row, part }) => row.left[part])
  const isEven = (index: number): boolean => index % 2 === 0
  // How far the even corners can rise while the odd ones fall, and the other way round.
  const up = Math.min(...fractions.map((left, index) => (isEven(index) ? patients - left : left)))
  const down = Math.min(...fractions.map((left, index) => (isEven(index) ? left : patients - left)))
  const step = stream.below(up + down) < down ? up : -down
  for (const [index, { row, part }] of ring.entries()) {
    const left = row.left[part] + (isEven(index) ? step : -step)
    row.whole[part] += left === patients ? 1 : 0
    row.left[part] = left === patients ? 0 : left
  }
}
