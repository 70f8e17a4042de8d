import { PARTS } from './part.ts'
import type { Ratios } from './protocol-document.ts'
import type { PartCounts } from './split-seal.ts'

/**
 * Exact sizes of the parts: the whole number below each share, and the patients left over one by one to the largest
 * remainders; equal remainders in the order train, validation, test. Adds up to `patients` always.
 *
 * @param ratios  percent, adding up to 100
 */
export function largestRemainder(ratios: Ratios, patients: number): PartCounts {
  const shares = PARTS.map((part) => {
    const hundredths = ratios[part] * patients
    return { part, count: Math.floor(hundredths / 100), remainder: hundredths % 100 }
  })
  const counts = { train: 0, validation: 0, test: 0 }
  let left = patients
  for (const { part, count } of shares) {
    counts[part] = count
    left -= count
  }
  // Sorting is stable, which settles equal remainders.
  for (const { part } of shares.toSorted((a, b) => b.remainder - a.remainder).slice(0, left)) counts[part] += 1
  return counts
}
