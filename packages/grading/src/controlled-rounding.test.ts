import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seeds } from '../test/arbitraries.ts'
import { sha256 } from '../test/sha256.ts'
import { controlledRounding } from './controlled-rounding.ts'
import { largestRemainder } from './largest-remainder.ts'
import { PARTS } from './part.ts'
import { randomStream } from './seeded-random.ts'
import type { PartCounts, Seed } from './split-seal.ts'

const SEED = '5e'.repeat(32)
const SPLIT = { train: 70, validation: 15, test: 15 }
const ratios = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b]) => ({ train: Math.min(a, b), validation: Math.abs(a - b), test: 100 - Math.max(a, b) }))

function round(seed: Seed, sizes: readonly number[], totals: PartCounts): PartCounts[] {
  return controlledRounding(randomStream(sha256, seed, 'test'), sizes, totals)
}

test('meets both margins, and every cell is the whole number below or above its share', () => {
  fc.assert(
    fc.property(
      ratios,
      seeds,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
      (by, seed, sizes) => {
        const patients = sizes.reduce((sum, size) => sum + size, 0)
        const totals = largestRemainder(by, patients)
        const table = round(seed, sizes, totals)
        expect(table.map(total)).toEqual(sizes)
        for (const part of PARTS) {
          expect(table.reduce((sum, row) => sum + row[part], 0)).toBe(totals[part])
          for (const [index, row] of table.entries()) {
            const share = ((sizes[index] ?? 0) * totals[part]) / patients
            expect(row[part]).toBeGreaterThanOrEqual(Math.floor(share))
            expect(row[part]).toBeLessThanOrEqual(Math.ceil(share))
          }
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('keeps the mean of every cell at its share, also in strata of one patient', () => {
  const sizes = [1, 1, 3, 7, 8]
  const totals = largestRemainder(SPLIT, 20)
  const draws = 4000
  const sums = sizes.map(() => ({ train: 0, validation: 0, test: 0 }))
  for (let draw = 0; draw < draws; draw += 1) {
    for (const [index, row] of round(sha256(String(draw)), sizes, totals).entries()) {
      for (const part of PARTS) sums[index] = { ...zero(sums[index]), [part]: zero(sums[index])[part] + row[part] }
    }
  }
  for (const [index, sum] of sums.entries()) {
    for (const part of PARTS) {
      const share = ((sizes[index] ?? 0) * totals[part]) / 20
      // five standard errors of a cell that varies by at most one
      expect(Math.abs(sum[part] / draws - share)).toBeLessThan((5 * 0.5) / Math.sqrt(draws))
    }
  }
})

test('refuses margins that do not add up', () => {
  expect(() => round(SEED, [10], { train: 7, validation: 2, test: 2 })).toThrow(RangeError)
})

test('takes as many strata as patients', () => {
  const sizes = Array.from({ length: 70_000 }, () => 1)
  expect(round(SEED, sizes, largestRemainder(SPLIT, 70_000)).map(total)).toEqual(sizes)
}, 60_000)

function total({ train, validation, test: held }: PartCounts): number {
  return train + validation + held
}

function zero(counts: PartCounts | undefined): PartCounts {
  return counts ?? { train: 0, validation: 0, test: 0 }
}
