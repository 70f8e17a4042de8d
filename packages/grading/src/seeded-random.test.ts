import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seeds } from '../test/arbitraries.ts'
import { sha256 } from '../test/sha256.ts'
import { randomStream, shuffled } from './seeded-random.ts'

const SEED = '00'.repeat(32)

test('is xoshiro128**: the reference outputs for the state 1, 2, 3, 4', () => {
  const { uint32 } = randomStream(() => '00000001000000020000000300000004'.padEnd(64, '0'), SEED, 'any')
  // Vectors of the authors' C code, state 1, 2, 3, 4
  const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]
  expect(expected.map(() => uint32())).toEqual(expected)
})

test('gives the same stream for the same seed and purpose, another for another', () => {
  const draw = (seed: string, purpose: string): number[] => {
    const stream = randomStream(sha256, seed, purpose)
    return Array.from({ length: 4 }, () => stream.uint32())
  }
  expect(draw(SEED, 'a')).toEqual(draw(SEED, 'a'))
  expect(draw(SEED, 'b')).not.toEqual(draw(SEED, 'a'))
  expect(draw('01'.repeat(32), 'a')).not.toEqual(draw(SEED, 'a'))
})

test('draws below a size evenly', () => {
  const { below } = randomStream(sha256, SEED, 'even')
  const counts = [0, 0, 0, 0, 0, 0]
  for (let drawn = 0; drawn < 60_000; drawn += 1) {
    const face = below(6)
    counts[face] = (counts[face] ?? 0) + 1
  }
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  // 99.9 % quantile of chi-squared with 5 degrees of freedom
  expect(chiSquared).toBeLessThan(20.52)
})

test('refuses a size it cannot draw below', () => {
  const { below } = randomStream(sha256, SEED, 'size')
  for (const size of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) expect(() => below(size)).toThrow(RangeError)
})

test('shuffles into a permutation and leaves the original alone', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.integer()), (seed, items) => {
      const before = [...items]
      const result = shuffled(randomStream(sha256, seed, 'shuffle'), items)
      expect(items).toEqual(before)
      expect(result.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b))
    }),
  )
})
