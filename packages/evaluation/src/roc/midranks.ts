/**
 * Ranks 1 … n, ties share their mean rank. O(n log n).
 *
 * @throws {RangeError} a value that is NaN; infinite values rank like any other
 */
export function midranks(values: ArrayLike<number>): Float64Array {
  const n = values.length
  const order = sortedOrder(values)
  const ranks = new Float64Array(n)
  for (let start = 0; start < n; ) {
    const value = values[order[start] as number]
    let end = start + 1
    while (end < n && values[order[end] as number] === value) end++
    const rank = (start + end + 1) / 2
    for (let i = start; i < end; i++) ranks[order[i] as number] = rank
    start = end
  }
  return ranks
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
