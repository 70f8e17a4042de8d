import type { Frame } from '@facetgrade/dicom/frames'
import { expect, test } from 'vitest'
import { frameCache } from './frame-cache.ts'

const aFrame = (bytes: number): Frame => ({
  pixels: new Uint8Array(bytes),
  frames: 1,
  metadata: {
    modality: 'ct',
    rows: 1,
    columns: bytes,
    bitsAllocated: 8,
    bitsStored: 8,
    isSigned: false,
    photometric: 'MONOCHROME2',
    rescaleSlope: 1,
    rescaleIntercept: 0,
    windows: [],
    pixelSpacingMm: null,
    sliceThicknessMm: null,
    position: null,
    orientation: null,
    lossy: false,
  },
})

test('requests for one frame at one moment share one load, and a failed load is not kept', async () => {
  const cache = frameCache(100)
  let loads = 0
  const load = async () => {
    loads += 1
    return aFrame(10)
  }
  await Promise.all([cache.get('a', load), cache.get('a', load)])
  await cache.get('a', load)
  expect(loads).toBe(1)
  await expect(cache.get('b', () => Promise.reject(new Error('absent')))).rejects.toThrow('absent')
  await cache.get('b', load)
  expect(loads).toBe(2)
})

test('memory is bounded: the least recently used frame goes first, one larger than the bound is never kept', async () => {
  const cache = frameCache(20)
  const loaded: string[] = []
  const get = (key: string, bytes = 10) =>
    cache.get(key, async () => {
      loaded.push(key)
      return aFrame(bytes)
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key)
  expect(loaded).toEqual(['a', 'b', 'c', 'b'])
  await get('huge', 30)
  await get('huge', 30)
  expect(loaded.filter((key) => key === 'huge')).toHaveLength(2)
})
