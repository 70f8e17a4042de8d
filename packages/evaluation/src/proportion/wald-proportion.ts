import { normalQuantile } from '../distribution/normal.ts'
import type { Interval } from '../result.ts'
import { assertCount } from './proportion-count.ts'

/** p ± z sqrt(p(1-p)/n). Collapses at 0 and n: for comparison with other tools, never reported. Oracle: binom "asymptotic" */
export function waldProportion(successes: number, trials: number, level: number): Interval {
  assertCount('waldProportion', { successes, trials, level })
  const p = successes / trials
  const half = normalQuantile((1 + level) / 2) * Math.sqrt((p * (1 - p)) / trials)
  return { lower: p - half, upper: p + half }
}
