import { normalQuantile, normalTwoSided } from '../distribution/normal.ts'
import { studentQuantile, studentTwoSided } from '../distribution/student-t.ts'
import type { Interval } from '../result.ts'

/** A mean or a difference with its test. `df` null: normal reference. */
export type Contrast = {
  readonly estimate: number
  readonly se: number
  readonly df: number | null
  /** Null where the standard error is 0: 0/0, nothing to test. */
  readonly statistic: number | null
  readonly p: number | null
  readonly ci: Interval | null
}

/** estimate ± quantile × se, with t on `df` or the normal. @throws {RangeError} an estimate or error that is not finite */
export function contrast(estimate: number, se: number, reference: { df: number | null; level: number }): Contrast {
  const { df, level } = reference
  if (!Number.isFinite(estimate) || !Number.isFinite(se)) throw new RangeError('contrast: input is not finite')
  if (se === 0) return { estimate, se, df, statistic: null, p: null, ci: null }
  const tail = (1 + level) / 2
  const half = (df === null ? normalQuantile(tail) : studentQuantile(tail, df)) * se
  const statistic = estimate / se
  const p = df === null ? normalTwoSided(statistic) : studentTwoSided(statistic, df)
  return { estimate, se, df, statistic, p, ci: { lower: estimate - half, upper: estimate + half } }
}

/** Every pair of tests, first less second. */
export function pairsOf(means: readonly number[]): { first: number; second: number; difference: number }[] {
  return means.flatMap((a, first) =>
    means.slice(first + 1).map((b, step) => ({ first, second: first + 1 + step, difference: a - b })),
  )
}
