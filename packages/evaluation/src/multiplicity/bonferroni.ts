import { testedOrder } from './holm.ts'

/** Bonferroni: min(1, m p). Nulls as in `holm`. Oracle: R p.adjust(method = "bonferroni") */
export function bonferroni(values: readonly (number | null)[]): (number | null)[] {
  const count = testedOrder(values).length
  return values.map((p) => (p === null ? null : Math.min(1, count * p)))
}
