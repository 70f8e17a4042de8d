import { expect, test } from 'vitest'
import { heatmapPeaks, orderedPeaks } from './decode-heatmap.ts'

/** Gaussians of 2 cells at (row, column) with a weight, summing to 1. */
function mapOf(...blobs: readonly (readonly [row: number, column: number, weight: number])[]) {
  const values = new Float32Array(64 * 64)
  for (let row = 0; row < 64; row += 1)
    for (let column = 0; column < 64; column += 1)
      for (const [r, c, weight] of blobs)
        values[row * 64 + column] =
          (values[row * 64 + column] ?? 0) + weight * Math.exp(-((row - r) ** 2 + (column - c) ** 2) / 4)
  const sum = values.reduce((total, one) => total + one, 0)
  return { values: values.map((one) => one / sum), rows: 64, columns: 64 }
}

test('a peak is found to a fraction of a cell, with its mass', () => {
  const [peak] = heatmapPeaks(mapOf([20.3, 40.6, 1]))
  expect(Math.abs((peak?.row ?? 0) - 20.3)).toBeLessThan(0.15)
  expect(Math.abs((peak?.column ?? 0) - 40.6)).toBeLessThan(0.15)
  expect(peak?.mass).toBeGreaterThan(0.95)
})

test('levels come out in order where each map alone would name two of them alike', () => {
  const rows = [10, 18, 26, 34, 42]
  const maps = rows.map((row, index) => (index === 2 ? mapOf([18, 30, 0.6], [26, 30, 0.4]) : mapOf([row, 30, 1])))
  const found = orderedPeaks(maps)?.peaks.map(({ row }) => Math.round(row))
  expect(found).toEqual(rows)
})

test('where no order is possible nothing is found', () => {
  expect(
    orderedPeaks([mapOf([60, 30, 1]), mapOf([5, 30, 1])].map((map) => ({ ...map, values: onlyPeak(map) }))),
  ).toBeUndefined()
})

/** The highest cell alone. */
function onlyPeak({ values }: { values: Float32Array }): Float32Array {
  const highest = Math.max(...values)
  return values.map((one) => (one === highest ? one : 0))
}
