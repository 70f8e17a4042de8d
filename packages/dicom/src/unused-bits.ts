import type { PixelShape } from './pixel-shape.ts'

/**
 * Bits above Bits Stored can carry an overlay (retired, PS3.3-2004 §C.9.2) and so anything at all. They are kept only as
 * the extension of the sign.
 *
 * @param pixels  little endian words, at an even offset of their buffer
 */
export function hasUnusedBits(pixels: Uint8Array<ArrayBuffer>, shape: PixelShape): boolean {
  const { bitsStored, bitsAllocated, isSigned } = shape
  if (bitsStored === bitsAllocated) return false
  let seen = 0
  if (bitsAllocated === 8) {
    const mask = highMask(bitsStored, 8)
    if (!isSigned) for (const byte of pixels) seen |= byte & mask
    else for (const byte of pixels) seen |= (byte ^ (byte << 1)) & mask
    return seen !== 0
  }
  const mask = highMask(bitsStored, 16)
  const { pairs, rest } = wordViews(pixels)
  const pairMask = mask | (mask << 16)
  // A sign is extended exactly when every bit above the stored ones equals its lower neighbour.
  if (!isSigned) for (let at = 0; at < pairs.length; at += 1) seen |= pairs[at] as number
  else {
    for (let at = 0; at < pairs.length; at += 1) {
      const pair = pairs[at] as number
      seen |= pair ^ (pair << 1)
    }
  }
  seen &= pairMask
  for (const word of rest) seen |= (isSigned ? word ^ (word << 1) : word) & mask
  return seen !== 0
}

/** Clears them in place. */
export function clearUnusedBits(pixels: Uint8Array<ArrayBuffer>, shape: PixelShape): void {
  const words =
    shape.bitsAllocated === 8 ? pixels : new Uint16Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >>> 1)
  const shift = 32 - shape.bitsStored
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0
    words[at] = shape.isSigned ? (word << shift) >> shift : (word << shift) >>> shift
  }
}

const highMask = (bitsStored: number, width: 8 | 16): number => ((1 << width) - 1) & ~((1 << bitsStored) - 1)

/** Pairs of words are many times as fast as words; at most one word before them and one after are left to `rest`. */
function wordViews(pixels: Uint8Array<ArrayBuffer>): { pairs: Int32Array; rest: readonly number[] } {
  const { buffer, byteOffset: start } = pixels
  if (start % 2 !== 0) throw new RangeError('pixels must start at an even offset')
  const words = pixels.byteLength >>> 1
  const before = words > 0 && start % 4 !== 0 ? 1 : 0
  const pairs = (words - before) >>> 1
  const single = new Uint16Array(buffer, start, words)
  return {
    pairs: new Int32Array(buffer, start + before * 2, pairs),
    rest: [...single.subarray(0, before), ...single.subarray(before + pairs * 2)],
  }
}
