/**
 * Ranks 1 … n, ties share their mean rank. O(n log n).
 *
 * @throws {RangeError} a value that is NaN; infinite values rank like any other
 */
export function midranks(values: ArrayLike<number>): Float64Array {
  const n = values.length
  // Sorting numbers natively and looking ranks up is several times faster than sorting indices by a comparison.
  const sorted = Float64Array.from(values).sort()
  if (n > 0 && Number.isNaN(sorted[n - 1])) throw new RangeError('a value is not a number')
  const distinct: number[] = []
  const rank: number[] = []
  for (let start = 0; start < n; ) {
    let end = start + 1
    while (end < n && sorted[end] === sorted[start]) end++
    distinct.push(sorted[start] as number)
    rank.push((start + end + 1) / 2)
    start = end
  }
  const ranks = new Float64Array(n)
  for (let i = 0; i < n; i++) ranks[i] = rank[place(distinct, values[i] as number)] as number
  return ranks
}

/** Where a value stands among rising distinct ones. */
function place(distinct: readonly number[], value: number): number {
  let low = 0
  let high = distinct.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((distinct[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Indices of the values from the smallest up. @throws {RangeError} a value that is NaN */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(values[i])) throw new RangeError(`value ${i} is not a number`)
    order[i] = i
  }
  // Compared, not subtracted: Infinity - Infinity would be NaN.
  return order.sort((a, b) => compare(values[a] as number, values[b] as number))
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
