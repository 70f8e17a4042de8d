import type { Part } from '@facetgrade/grading/part'
import type { TableOneRow } from '../evaluation-document.ts'
import { quantile } from '../quantile.ts'
import { deviance, mean } from '../sample-moments.ts'
import { solveLinear } from '../solve-linear.ts'
import { digits } from './row.ts'

/** A column of patients' values, numbers or codes; null is missing. */
export type RosterColumn = {
  readonly variable: string
  readonly kind: 'number' | 'category'
  readonly unit: string | null
}
export type RosterPatient = {
  readonly part: Part
  readonly values: Readonly<Record<string, number | string | null>>
}

const PARTS = ['train', 'validation', 'test'] as const

/**
 * Table 1: patients of each part, with standardised mean differences of training against validation and against test. Of a
 * number (m1 - m2) / sqrt((s1² + s2²) / 2); of categories Yang and Dalton's Mahalanobis form. Null where a part has no value,
 * or nothing varies.
 *
 * @see Austin (2009) Stat Med 28:3083; Yang & Dalton (2012) SAS Global Forum 335
 */
export function tableOne(columns: readonly RosterColumn[], roster: readonly RosterPatient[]): TableOneRow[] {
  return columns.map((column) => (column.kind === 'number' ? numberRow(column, roster) : categoryRow(column, roster)))
}

function numberRow({ variable, unit }: RosterColumn, roster: readonly RosterPatient[]): TableOneRow {
  const valuesOf = (part: Part): Float64Array =>
    Float64Array.from(
      roster.flatMap((one) => {
        const value = one.part === part ? one.values[variable] : null
        return typeof value === 'number' ? [value] : []
      }),
    ).toSorted()
  const values = { train: valuesOf('train'), validation: valuesOf('validation'), test: valuesOf('test') }
  return {
    kind: 'number',
    variable,
    unit,
    parts: PARTS.map((part) => {
      const own = values[part]
      const all = roster.filter((one) => one.part === part).length
      const isEmpty = own.length === 0
      return {
        part,
        n: own.length,
        missing: all - own.length,
        mean: isEmpty ? null : digits(mean(own)),
        sd: own.length < 2 ? null : digits(sd(own)),
        median: isEmpty ? null : digits(quantile(own, 0.5, 7)),
        lowerQuartile: isEmpty ? null : digits(quantile(own, 0.25, 7)),
        upperQuartile: isEmpty ? null : digits(quantile(own, 0.75, 7)),
      }
    }),
    smd: {
      trainValidation: numberDifference(values.train, values.validation),
      trainTest: numberDifference(values.train, values.test),
    },
  }
}

const sd = (values: Float64Array): number => Math.sqrt(deviance(values) / (values.length - 1))

function numberDifference(first: Float64Array, second: Float64Array): number | null {
  if (first.length < 2 || second.length < 2) return null
  const spread = Math.sqrt((sd(first) ** 2 + sd(second) ** 2) / 2)
  return spread === 0 ? null : digits((mean(first) - mean(second)) / spread)
}

function categoryRow({ variable }: RosterColumn, roster: readonly RosterPatient[]): TableOneRow {
  const present = roster.flatMap(({ values }) => (values[variable] === null ? [] : [String(values[variable])]))
  const values = [...new Set(present)].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const countsOf = (part: Part): number[] =>
    values.map((value) => roster.filter((one) => one.part === part && String(one.values[variable]) === value).length)
  const counts = { train: countsOf('train'), validation: countsOf('validation'), test: countsOf('test') }
  return {
    kind: 'category',
    variable,
    values,
    parts: PARTS.map((part) => {
      const n = counts[part].reduce((sum, one) => sum + one, 0)
      const all = roster.filter((one) => one.part === part).length
      return { part, n, missing: all - n, counts: counts[part] }
    }),
    smd: {
      trainValidation: categoryDifference(counts.train, counts.validation),
      trainTest: categoryDifference(counts.train, counts.test),
    },
  }
}

/** sqrt((T - C)' S^-1 (T - C)) over all categories but the first, S the mean of the two multinomial covariances. */
function categoryDifference(first: readonly number[], second: readonly number[]): number | null {
  const shares = [first, second].map((counts) => {
    const n = counts.reduce((sum, one) => sum + one, 0)
    return n === 0 ? null : counts.map((one) => one / n)
  })
  const [one, two] = shares
  if (!one || !two) return null
  // A category that neither part has adds nothing and would make S singular.
  const kept = one.flatMap((share, i) => (share + (two[i] ?? 0) > 0 ? [i] : [])).slice(1)
  if (kept.length === 0) return null
  const covariance = kept.map((i) =>
    kept.map((j) => {
      const of = (share: readonly number[]): number => {
        const [a, b] = [share[i] ?? 0, share[j] ?? 0]
        return i === j ? a * (1 - a) : -a * b
      }
      return (of(one) + of(two)) / 2
    }),
  )
  const gap = kept.map((i) => (one[i] ?? 0) - (two[i] ?? 0))
  const solved = solveLinear(covariance, gap)
  if (solved === null) return null
  const square = gap.reduce((sum, value, i) => sum + value * (solved[i] ?? 0), 0)
  return square < 0 ? null : digits(Math.sqrt(square))
}
