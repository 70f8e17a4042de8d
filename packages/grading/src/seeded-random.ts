import type { Sha256 } from './sha256.ts'
import type { Seed } from './split-seal.ts'

/** A reproducible stream of random numbers; each call advances it. */
export type RandomStream = {
  /** Uniform integer in [0, 2^32). */
  readonly uint32: () => number
  /** Uniform integer in [0, size), without the bias of a modulus. @throws {RangeError} size not in 1 … 2^32 */
  readonly below: (size: number) => number
}

const TWO_32 = 2 ** 32

/**
 * Random numbers that anyone can draw again: xoshiro128** 1.1 (Blackman & Vigna 2018), whose four 32-bit words are the
 * first 16 bytes, big-endian, of SHA-256 over the text `facetgrade-random/1|<seed>|<purpose>`. Streams of different
 * purposes are independent, so one seed serves a whole draw.
 */
export function randomStream(sha256: Sha256, seed: Seed, purpose: string): RandomStream {
  const digest = sha256(`facetgrade-random/1|${seed}|${purpose}`)
  let a = wordAt(digest, 0)
  let b = wordAt(digest, 1)
  let c = wordAt(digest, 2)
  let d = wordAt(digest, 3)
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
  const below = (size: number): number => {
    if (!Number.isInteger(size) || size < 1 || size > TWO_32) throw new RangeError(`below: size ${size}`)
    const limit = TWO_32 - (TWO_32 % size)
    let drawn = uint32()
    while (drawn >= limit) drawn = uint32()
    return drawn % size
  }
  return { uint32, below }
}

function wordAt(digest: string, index: number): number {
  const word = Number.parseInt(digest.slice(index * 8, index * 8 + 8), 16)
  if (Number.isNaN(word)) throw new RangeError('randomStream: the hash is not hexadecimal')
  return word | 0
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** A permuted copy: Fisher–Yates from the end, one `below` for each place but the first. */
export function shuffled<T>(stream: RandomStream, items: readonly T[]): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const chosen = stream.below(last + 1)
    const held = result[last] as T
    result[last] = result[chosen] as T
    result[chosen] = held
  }
  return result
}

/** Codes sorted by code unit, the order in which every draw begins, whatever order the roster came in. */
export function sortedByCode<T>(items: readonly T[], codeOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => (codeOf(a) < codeOf(b) ? -1 : 1))
}
