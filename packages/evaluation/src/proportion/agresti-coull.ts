import { normalQuantile } from '../distribution/normal.ts'
import type { Interval } from '../result.ts'
import { assertCount } from './proportion-count.ts'

/**
 * Agresti–Coull: the Wald interval of p~ = (x + z²/2)/(n + z²). May leave [0, 1]; clipped for display only.
 *
 * @throws {RangeError} as `assertCount`
 * @see Agresti & Coull (1998) Am Stat 52:119. Oracle: binom 1.1-1.1
 */
export function agrestiCoull(successes: number, trials: number, level: number): Interval {
  assertCount('agrestiCoull', { successes, trials, level })
  const z = normalQuantile((1 + level) / 2)
  const n = trials + z ** 2
  const p = (successes + z ** 2 / 2) / n
  const half = z * Math.sqrt((p * (1 - p)) / n)
  return { lower: p - half, upper: p + half }
}
