import { betaQuantile } from '../distribution/beta.ts'
import type { Interval } from '../result.ts'
import { assertCount } from './proportion-count.ts'

/**
 * Clopper–Pearson exact interval: lower qbeta(a/2; x, n-x+1), 0 at x = 0; upper qbeta(1-a/2; x+1, n-x), 1 at x = n.
 *
 * @throws {RangeError} no trials, successes not in [0, trials], level outside (0, 1)
 * @see Clopper & Pearson (1934) Biometrika 26:404. Oracle: R binom.test
 */
export function clopperPearson(successes: number, trials: number, level: number): Interval {
  assertCount('clopperPearson', { successes, trials, level })
  const tail = (1 - level) / 2
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  }
}
