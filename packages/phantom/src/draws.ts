import { type RandomStream, randomStream } from '@facetgrade/grading/seeded-random'
import type { Sha256 } from '@facetgrade/grading/sha256'

/** Numbers of one purpose, drawn from the cohort's seed; each call advances the stream. */
export type Draws = {
  /** Uniform between two values. */
  between(low: number, high: number): number
  /** Uniform within a dose range. */
  within(range: readonly [number, number]): number
  /** Normal with mean 0 and standard deviation 1 (Box–Muller). */
  normal(): number
  chance(probability: number): boolean
  /** Uniform whole number in [0, size). */
  below(size: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
  /** Uniform whole number in [0, 2³²). */
  uint32(): number
}

export function drawsOf(sha256: Sha256, seed: string, purpose: string): Draws {
  return drawsFrom(randomStream(sha256, sha256(seed), purpose))
}

export function drawsFrom(stream: RandomStream): Draws {
  const unit = (): number => (stream.uint32() + 0.5) / 2 ** 32
  const between = (low: number, high: number): number => low + (high - low) * unit()
  return {
    between,
    within: ([low, high]) => between(low, high),
    normal: () => Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit()),
    chance: (probability) => unit() < probability,
    below: stream.below,
    pick: (choices) => choices[stream.below(choices.length)] ?? choices[0],
    uint32: stream.uint32,
  }
}
