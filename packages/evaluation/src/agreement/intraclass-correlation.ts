import { fQuantile, fUpper } from '../distribution/f-ratio.ts'
import type { Interval } from '../result.ts'

export type IccForm = {
  readonly model: 'oneway' | 'twoway'
  /** Ignored for `oneway`. */
  readonly type: 'consistency' | 'agreement'
  readonly unit: 'single' | 'average'
}

export type IntraclassCorrelation = {
  readonly estimate: number
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  readonly ci: Interval
}

/**
 * Intraclass correlation of n targets by k judges, six forms, with the F intervals of McGraw & Wong. For four-level grades
 * the quadratic-weighted kappa is reported instead (about ICC(A,1)).
 *
 * @param rows  complete scores, one row per target
 * @returns `too_few_patients` below two targets, `too_few_readers` below two judges, `zero_variance` without residual
 * @throws {RangeError} rows of unequal length, a score that is not finite, level outside (0, 1)
 * @see McGraw & Wong (1996) Psychol Methods 1:30. Oracle: irr 0.84.1 icc
 */
export function intraclassCorrelation(
  rows: readonly (readonly number[])[],
  form: IccForm,
  level: number,
): IntraclassCorrelation | 'too_few_patients' | 'too_few_readers' | 'zero_variance' {
  const k = rows[0]?.length ?? 0
  if (rows.some((row) => row.length !== k)) throw new RangeError('intraclassCorrelation: rows of unequal length')
  if (!rows.flat().every(Number.isFinite)) throw new RangeError('intraclassCorrelation: a score is not finite')
  if (!(level > 0 && level < 1)) throw new RangeError(`intraclassCorrelation: level ${level}`)
  if (rows.length < 2) return 'too_few_patients'
  if (k < 2) return 'too_few_readers'
  const squares = meanSquares(rows, k)
  const residual = form.model === 'oneway' ? squares.within : squares.error
  if (residual <= 0) return 'zero_variance'
  if (form.model === 'twoway' && form.type === 'agreement')
    return agreement(squares, { ...form, n: rows.length, k, level })
  return simple(squares, { ...form, n: rows.length, k, level })
}

type MeanSquares = { rows: number; columns: number; error: number; within: number }
type Setting = IccForm & { n: number; k: number; level: number }

function meanSquares(rows: readonly (readonly number[])[], k: number): MeanSquares {
  const n = rows.length
  const rowMeans = rows.map((row) => row.reduce((a, b) => a + b, 0) / k)
  const columnMeans = Array.from({ length: k }, (_, j) => rows.reduce((sum, row) => sum + (row[j] as number), 0) / n)
  const grand = rowMeans.reduce((a, b) => a + b, 0) / n
  let within = 0
  rows.forEach((row, i) => {
    for (const value of row) within += (value - (rowMeans[i] as number)) ** 2
  })
  const ofRows = k * rowMeans.reduce((sum, one) => sum + (one - grand) ** 2, 0)
  const ofColumns = n * columnMeans.reduce((sum, one) => sum + (one - grand) ** 2, 0)
  return {
    rows: ofRows / (n - 1),
    columns: ofColumns / (k - 1),
    error: (within - ofColumns) / ((n - 1) * (k - 1)),
    within: within / (n * (k - 1)),
  }
}

/** One-way, and two-way consistency: F = MSR / residual gives estimate and limits alike. */
function simple(squares: MeanSquares, { model, unit, n, k, level }: Setting): IntraclassCorrelation {
  const residual = model === 'oneway' ? squares.within : squares.error
  const df1 = n - 1
  const df2 = model === 'oneway' ? n * (k - 1) : (n - 1) * (k - 1)
  const f = squares.rows / residual
  const tail = (1 + level) / 2
  const from = (ratio: number): number => (unit === 'single' ? (ratio - 1) / (ratio + k - 1) : 1 - 1 / ratio)
  return {
    estimate: from(f),
    f,
    df1,
    df2,
    p: fUpper(f, df1, df2),
    ci: { lower: from(f / fQuantile(tail, df1, df2)), upper: from(f * fQuantile(tail, df2, df1)) },
  }
}

/** Two-way agreement: the judges' variance enters, so the degrees of freedom are Satterthwaite's. */
function agreement(squares: MeanSquares, { unit, n, k, level }: Setting): IntraclassCorrelation {
  const { rows, columns, error } = squares
  const single = unit === 'single'
  const estimate = single
    ? (rows - error) / (rows + (k - 1) * error + (k / n) * (columns - error))
    : (rows - error) / (rows + (columns - error) / n)
  const a = (k * estimate) / (n * (1 - estimate))
  const b = 1 + (n - 1) * a
  const df2 = (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
  const df1 = n - 1
  const tail = (1 + level) / 2
  const low = fQuantile(tail, df1, df2)
  const high = fQuantile(tail, df2, df1)
  const f = rows / error
  const spread = single ? k * columns + (k * n - k - n) * error : columns - error
  return {
    estimate,
    f,
    df1,
    df2,
    p: fUpper(f, df1, df2),
    ci: {
      lower: (n * (rows - low * error)) / (low * spread + n * rows),
      upper: (n * (high * rows - error)) / (spread + n * high * rows),
    },
  }
}
