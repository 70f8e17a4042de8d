import { loadavg } from 'node:os'

/** One line of the table. */
export type Measurement = { what: string; value: number; unit: string; n: string; budget: string; load: number }

export const load = (): number => loadavg()[0] ?? Number.NaN

/** The smallest value that at least this share of the values does not exceed; `values` is not empty. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('quantile of nothing')
  return value
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const HEAD = '| what | measured | n | budget | load at start |\n| --- | --- | --- | --- | --- |'

export function row({ what, value, unit, n, budget, load: at }: Measurement): string {
  const measured = `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`
  return `| ${[what, measured, n, budget, at.toFixed(1)].join(' | ')} |`
}
