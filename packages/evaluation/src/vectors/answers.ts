import type { Interval } from '../result.ts'
import type { Json } from './json.ts'

/** Both limits as the tools print them. */
export function limits(interval: Interval | null): Json {
  return interval === null ? null : [interval.lower, interval.upper]
}

/** A kernel's answer, or null where it gave a reason instead. */
export function defined<T extends object | number>(answer: T | string | null): T | null {
  return typeof answer === 'string' ? null : answer
}

/** Some tools print intervals cut to [0, 1]; ours are cut for display only. */
export function clipped(value: number | null): number | null {
  return value === null ? null : Math.min(1, Math.max(0, value))
}
