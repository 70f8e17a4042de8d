import type { Dataset } from './dataset.ts'
import { LIMITS } from './limits.ts'
import { Refusal } from './refusal.ts'
import { asciiText, uint16 } from './values.ts'

export type PixelShape = {
  rows: number
  columns: number
  frames: number
  bitsAllocated: 8 | 16
  bitsStored: number
  isSigned: boolean
  photometric: 'MONOCHROME1' | 'MONOCHROME2'
}

const PHOTOMETRIC = new Set(['MONOCHROME1', 'MONOCHROME2'])

export const frameBytes = (shape: PixelShape): number => (shape.rows * shape.columns * shape.bitsAllocated) / 8

/**
 * Shape of the pixels: grey, 8 or 16 bits, stored in the low bits of their words.
 *
 * @throws {Refusal} ATTRIBUTE_MISSING, PIXELS_UNSUPPORTED, or VALUE_TOO_LARGE beyond the caps
 */
export function readPixelShape(dataset: Dataset): PixelShape {
  const rows = uint16(dataset, 0x00280010)
  const columns = uint16(dataset, 0x00280011)
  const bitsAllocated = uint16(dataset, 0x00280100)
  const bitsStored = uint16(dataset, 0x00280101) ?? bitsAllocated
  if (!rows || !columns || bitsAllocated === undefined || bitsStored === undefined)
    throw new Refusal('ATTRIBUTE_MISSING')
  const photometric = asciiText(dataset, 0x00280004) ?? ''
  const representation = uint16(dataset, 0x00280103) ?? 0
  const isPlain =
    (bitsAllocated === 8 || bitsAllocated === 16) &&
    bitsStored >= 1 &&
    bitsStored <= bitsAllocated &&
    (uint16(dataset, 0x00280102) ?? bitsStored - 1) === bitsStored - 1 &&
    (uint16(dataset, 0x00280002) ?? 1) === 1 &&
    representation <= 1 &&
    PHOTOMETRIC.has(photometric)
  if (!isPlain) throw new Refusal('PIXELS_UNSUPPORTED')
  const frames = readFrames(dataset)
  const shape: PixelShape = {
    rows,
    columns,
    frames,
    bitsAllocated,
    bitsStored,
    isSigned: representation === 1,
    photometric: photometric === 'MONOCHROME1' ? 'MONOCHROME1' : 'MONOCHROME2',
  }
  if (rows * columns > LIMITS.framePixels || frameBytes(shape) * frames > LIMITS.pixelBytes) {
    throw new Refusal('VALUE_TOO_LARGE')
  }
  return shape
}

function readFrames(dataset: Dataset): number {
  const text = asciiText(dataset, 0x00280008) ?? ''
  if (text === '') return 1
  const frames = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (frames < 1 || frames > LIMITS.frames) throw new Refusal('PIXELS_UNSUPPORTED')
  return frames
}
