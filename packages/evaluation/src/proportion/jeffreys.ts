import { betaQuantile } from '../distribution/beta.ts'
import type { Interval } from '../result.ts'
import { assertCount } from './proportion-count.ts'

/**
 * Jeffreys interval: equal-tailed quantiles of Beta(x + 1/2, n - x + 1/2).
 *
 * @param modified  limits 0 at x = 0 and 1 at x = n (Brown, Cai & DasGupta 2001)
 * @throws {RangeError} as `assertCount`
 * @see methods 2.2. Oracle: R qbeta, statsmodels 0.13.5 proportion_confint
 */
export function jeffreys(
  successes: number,
  trials: number,
  of: { readonly level: number; readonly modified: boolean },
): Interval {
  const { level, modified } = of
  assertCount('jeffreys', { successes, trials, level })
  const tail = (1 - level) / 2
  const shape = [successes + 0.5, trials - successes + 0.5] as const
  return {
    lower: modified && successes === 0 ? 0 : betaQuantile(tail, ...shape),
    upper: modified && successes === trials ? 1 : betaQuantile(1 - tail, ...shape),
  }
}
