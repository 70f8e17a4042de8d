/**
 * Volume under the ROC surface of three ordered classes: P(x1 < x2 < x3), ties weighing 1/2 (one) and 1/6 (both);
 * chance is 1/6. O(n log n).
 *
 * @param classes  scores of the lowest, the middle and the highest class
 * @returns null when a class does not occur
 * @throws {RangeError} a score that is NaN
 * @see Nakas & Yiannoutsos (2004) Stat Med 23:3437. Oracle: plain R, brute force
 */
export function volumeUnderSurface(
  classes: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>],
): number | null {
  const [low, middle, high] = classes
  if (low.length === 0 || middle.length === 0 || high.length === 0) return null
  for (const one of classes) {
    for (let i = 0; i < one.length; i++)
      if (Number.isNaN(one[i])) throw new RangeError('volumeUnderSurface: a score is not a number')
  }
  const below = Float64Array.from(low).sort()
  const above = Float64Array.from(high).sort()
  let total = 0
  for (let i = 0; i < middle.length; i++) {
    const x = middle[i] as number
    const less = countBelow(below, x)
    const equalLow = countUpTo(below, x) - less
    const upTo = countUpTo(above, x)
    const equalHigh = upTo - countBelow(above, x)
    const more = above.length - upTo
    total += less * more + (less * equalHigh + equalLow * more) / 2 + (equalLow * equalHigh) / 6
  }
  return total / (low.length * middle.length * high.length)
}

function countBelow(sorted: Float64Array, x: number): number {
  return search(sorted, (value) => value < x)
}

function countUpTo(sorted: Float64Array, x: number): number {
  return search(sorted, (value) => value <= x)
}

/** Length of the leading run that passes. */
function search(sorted: Float64Array, passes: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(sorted[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}
