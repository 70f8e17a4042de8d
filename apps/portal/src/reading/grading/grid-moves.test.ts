import { expect, test } from 'vitest'
import { advanced, moved } from './grid-moves.ts'

const size = { rows: 10, columns: 5 }

test('advancing from the first cell passes every cell once and stays at the last', () => {
  let place = { row: 0, column: 0 }
  const seen = new Set<string>()
  for (let step = 0; step < 50; step += 1) {
    seen.add(`${place.row} ${place.column}`)
    place = advanced(place, size)
  }
  expect(seen.size).toBe(50)
  expect(place).toEqual({ row: 9, column: 4 })
})

test('arrows never leave the grid, other keys move nothing', () => {
  expect(moved({ row: 0, column: 0 }, 'ArrowUp', size)).toEqual({ row: 0, column: 0 })
  expect(moved({ row: 9, column: 4 }, 'ArrowRight', size)).toEqual({ row: 9, column: 4 })
  expect(moved({ row: 3, column: 2 }, 'Home', size)).toEqual({ row: 3, column: 0 })
  expect(moved({ row: 3, column: 2 }, 'x', size)).toBeUndefined()
})
