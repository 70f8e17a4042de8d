import { testedOrder } from './holm.ts'

/**
 * Benjamini–Hochberg false-discovery adjustment, for screens labelled exploratory only. Nulls as in `holm`.
 *
 * @throws {RangeError} a p outside [0, 1]
 * @see Benjamini & Hochberg (1995) JRSS B 57:289. Oracle: R p.adjust(method = "BH")
 */
export function benjaminiHochberg(values: readonly (number | null)[]): (number | null)[] {
  const order = testedOrder(values)
  const adjusted: (number | null)[] = values.map(() => null)
  let smallest = 1
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const { p, index } = order[rank] as { p: number; index: number }
    smallest = Math.min(smallest, (order.length / (rank + 1)) * p)
    adjusted[index] = smallest
  }
  return adjusted
}
