/**
 * Holm's step-down adjustment: adj_(i) = max_{j<=i} min(1, (m-j+1) p_(j)). A null p is not a test: it stays null and is
 * not counted in m.
 *
 * @throws {RangeError} a p outside [0, 1]
 * @see Holm (1979) Scand J Stat 6:65. Oracle: R p.adjust(method = "holm")
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const order = testedOrder(values)
  const adjusted: (number | null)[] = values.map(() => null)
  let largest = 0
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * p))
    adjusted[index] = largest
  })
  return adjusted
}

/** p-values that are tests, smallest first. @throws {RangeError} a p outside [0, 1] */
export function testedOrder(values: readonly (number | null)[]): { p: number; index: number }[] {
  const tested = values.flatMap((p, index) => (p === null ? [] : [{ p, index }]))
  for (const { p } of tested) if (!(p >= 0 && p <= 1)) throw new RangeError(`p-value ${p}`)
  return tested.sort((a, b) => a.p - b.p || a.index - b.index)
}
