import { normalQuantile } from '../distribution/normal.ts'
import type { Interval } from '../result.ts'
import { assertCount } from './proportion-count.ts'

/**
 * Wilson score interval, the default for patient-level counts: (x + z²/2)/(n + z²) ± z/(n + z²) sqrt(x(n-x)/n + z²/4).
 *
 * @throws {RangeError} as `assertCount`
 * @see Wilson (1927) JASA 22:209. Oracle: binom 1.1-1.1, R prop.test(correct = FALSE)
 */
export function wilson(successes: number, trials: number, level: number): Interval {
  assertCount('wilson', { successes, trials, level })
  const z = normalQuantile((1 + level) / 2)
  const centre = (successes + z ** 2 / 2) / (trials + z ** 2)
  const half = (z / (trials + z ** 2)) * Math.sqrt((successes * (trials - successes)) / trials + z ** 2 / 4)
  return {
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

/** Wilson with Yates' continuity correction, as R prop.test prints it. Throws as `wilson`. */
export function wilsonCorrected(successes: number, trials: number, level: number): Interval {
  assertCount('wilsonCorrected', { successes, trials, level })
  const z = normalQuantile((1 + level) / 2)
  const p = successes / trials
  const yates = Math.min(0.5, Math.abs(successes - trials / 2))
  const bound = (shift: number, sign: 1 | -1): number => {
    const moved = p + shift
    const term = z ** 2 / (2 * trials)
    return (
      (moved + term + sign * z * Math.sqrt((moved * (1 - moved)) / trials + z ** 2 / (4 * trials ** 2))) /
      (1 + 2 * term)
    )
  }
  return {
    lower: successes === 0 ? 0 : Math.max(0, bound(-yates / trials, -1)),
    upper: successes === trials ? 1 : Math.min(1, bound(yates / trials, 1)),
  }
}
