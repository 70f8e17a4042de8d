import { expect, test } from 'vitest'
import { rangeOf, rescaledValues } from './rescale-frame.ts'

const metadata = {
  rows: 1,
  columns: 3,
  bitsAllocated: 16,
  isSigned: false,
  photometric: 'MONOCHROME2',
  rescaleSlope: 1,
  rescaleIntercept: -1024,
  windows: [],
} as const

test('CT becomes Hounsfield in integers, fractions stay exact, and a frame of the wrong length is an error', () => {
  const bytes = Uint16Array.of(0, 1024, 4095).buffer
  expect(rescaledValues(bytes, { ...metadata, windows: [] })).toEqual(Int16Array.of(-1024, 0, 3071))
  expect(rescaledValues(bytes, { ...metadata, windows: [], rescaleSlope: 0.5 })).toEqual(
    Float32Array.of(-1024, -512, 1023.5),
  )
  expect(() => rescaledValues(bytes.slice(2), { ...metadata, windows: [] })).toThrow(RangeError)
})

test('without a rescale the stored values stay as they are', () => {
  const values = rescaledValues(Int16Array.of(-5, 0, 7).buffer, {
    ...metadata,
    windows: [],
    isSigned: true,
    rescaleIntercept: 0,
  })
  expect(values).toEqual(Int16Array.of(-5, 0, 7))
  expect(rangeOf(values)).toEqual({ lowest: -5, highest: 7 })
})
