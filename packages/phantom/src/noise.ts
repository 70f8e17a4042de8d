import type { Draws } from './draws.ts'

const TABLE = 1 << 16

/** Normal numbers, mean 0 and SD 1, from a table that is filled once and read in random order: noise for millions of pixels. */
export function noiseOf(draws: Draws): () => number {
  const table = new Float32Array(TABLE)
  for (let index = 0; index < TABLE; index += 1) table[index] = draws.normal()
  let held = 0
  let isHeld = false
  return () => {
    if (isHeld) {
      isHeld = false
      return table[held >>> 16] as number
    }
    // A signed word: V8 keeps it unboxed.
    held = draws.uint32() | 0
    isHeld = true
    return table[held & 0xffff] as number
  }
}

const SIDE = 0.2
const MIDDLE = 0.6
/** SD of white noise of SD 1 after the kernel in both directions. */
const LEFT_OVER = MIDDLE * MIDDLE + 2 * SIDE * SIDE

/** Noise of a reconstructed slice: neighbours share some of it. Mean 0, SD 1. */
export function correlatedNoise(normal: () => number, rows: number, columns: number): Float32Array {
  // One row and one pixel more on each side, so that no border needs a rule of its own.
  const size = rows * columns
  const white = new Float32Array(size + 2 * columns + 2)
  for (let index = 0; index < white.length; index += 1) white[index] = normal()
  const across = new Float32Array(size + 2 * columns)
  for (let index = 0; index < across.length; index += 1)
    across[index] =
      MIDDLE * (white[index + 1] as number) + SIDE * ((white[index] as number) + (white[index + 2] as number))
  const result = new Float32Array(size)
  for (let index = 0; index < size; index += 1)
    result[index] =
      (MIDDLE * (across[index + columns] as number) +
        SIDE * ((across[index] as number) + (across[index + 2 * columns] as number))) /
      LEFT_OVER
  return result
}
