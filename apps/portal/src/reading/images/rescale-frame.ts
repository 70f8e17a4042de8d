import { z } from 'zod'

/** What the frame route says of the pixels that it sends. */
export const FrameMetadata = z.strictObject({
  rows: z.int().positive(),
  columns: z.int().positive(),
  bitsAllocated: z.union([z.literal(8), z.literal(16)]),
  isSigned: z.boolean(),
  photometric: z.enum(['MONOCHROME1', 'MONOCHROME2']),
  rescaleSlope: z.number(),
  rescaleIntercept: z.number(),
  windows: z.array(z.strictObject({ center: z.number(), width: z.number() })),
})
export type FrameMetadata = z.infer<typeof FrameMetadata>

export type Values = Uint8Array | Int8Array | Int16Array | Uint16Array | Float32Array

/** Stored values in the units of the modality (Hounsfield for CT), in integers of 16 bits wherever they fit exactly. */
export function rescaledValues(bytes: ArrayBuffer, metadata: FrameMetadata): Values {
  const { rows, columns, bitsAllocated, isSigned, rescaleSlope: slope, rescaleIntercept: intercept } = metadata
  if (bytes.byteLength !== (rows * columns * bitsAllocated) / 8) {
    throw new RangeError(`rescaledValues: ${bytes.byteLength} bytes for ${rows} × ${columns}`)
  }
  const stored = storedValues(bytes, bitsAllocated, isSigned)
  if (slope === 1 && intercept === 0) return stored
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of stored) {
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  const ends = [lowest * slope + intercept, highest * slope + intercept]
  const fits =
    Number.isInteger(slope) && Number.isInteger(intercept) && ends.every((end) => end >= -32768 && end <= 32767)
  const rescaled = fits ? new Int16Array(stored.length) : new Float32Array(stored.length)
  for (let index = 0; index < stored.length; index += 1) rescaled[index] = (stored[index] ?? 0) * slope + intercept
  return rescaled
}

function storedValues(bytes: ArrayBuffer, bits: 8 | 16, isSigned: boolean): Values {
  if (bits === 8) return isSigned ? new Int8Array(bytes) : new Uint8Array(bytes)
  return isSigned ? new Int16Array(bytes) : new Uint16Array(bytes)
}

/** Lowest and highest value; of an empty image 0 and 0. */
export function rangeOf(values: Values): { lowest: number; highest: number } {
  let [lowest, highest] = [values[0] ?? 0, values[0] ?? 0]
  for (const value of values) {
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  return { lowest, highest }
}
