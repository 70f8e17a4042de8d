import { z } from 'zod'
import type { ClinicalColumn } from './protocol-document.ts'
import type { Protocol } from './protocol.ts'

/** DICOM's codes of patient sex (0010,0040). */
export const Sex = z.enum(['F', 'M', 'O'])
export type Sex = z.infer<typeof Sex>

/** Basic data of one patient. Null is missing, in every field; it is never 0. */
export const ClinicalData = z.strictObject({
  sex: Sex.nullable(),
  /** Whole years; 90 stands for 90 and over. */
  ageYears: z.int().min(0).max(90).nullable(),
  site: z.string().min(1).max(32).nullable(),
  /** The protocol's own columns by name: numbers, or codes. */
  columns: z.record(z.string(), z.union([z.string(), z.number()]).nullable()),
})
export type ClinicalData = z.infer<typeof ClinicalData>

/** What is wrong in one column. The sentence never repeats what stood there, which may identify someone. */
export type ClinicalProblem = {
  readonly column: string
  readonly code:
    | 'COLUMN_MISSING'
    | 'COLUMN_UNKNOWN'
    | 'COLUMN_TWICE'
    | 'NOT_A_NUMBER'
    | 'NOT_WHOLE'
    | 'OUT_OF_RANGE'
    | 'CODE_UNKNOWN'
    | 'TEXT_NOT_ALLOWED'
  readonly message: string
}

/** Columns that name the patient: by code, or before pseudonymisation by the hospital's id. */
export const ID_COLUMNS = { pseudonymised: ['patient_code'], original: ['issuer', 'patient_id'] } as const
const FIXED_COLUMNS = ['sex', 'age_years', 'site'] as const

type Columns = Pick<Protocol, 'clinicalColumns'>

/** Names that a clinical table may have, in the documented order. */
export function clinicalHeader(protocol: Columns, ids: keyof typeof ID_COLUMNS): string[] {
  return [...ID_COLUMNS[ids], ...FIXED_COLUMNS, ...protocol.clinicalColumns.map(({ name }) => name)]
}

/**
 * Checks the first line of a clinical table. The fixed columns must be there (`issuer` may be left out), the protocol's
 * own may be, and nothing else: a column that nobody asked for could hold a name.
 */
export function clinicalHeaderProblems(
  protocol: Columns,
  header: readonly string[],
  ids: keyof typeof ID_COLUMNS,
): ClinicalProblem[] {
  const known = clinicalHeader(protocol, ids)
  const required = [...ID_COLUMNS[ids], ...FIXED_COLUMNS].filter((column) => column !== 'issuer')
  const missing = required.filter((column) => !header.includes(column))
  const unknown = header.filter((column) => !known.includes(column))
  const twice = header.filter((column, index) => known.includes(column) && header.indexOf(column) < index)
  return [
    ...missing.map((column) => problem(column, 'COLUMN_MISSING', `The column ${column} is missing.`)),
    ...unknown.map((column) => problem(column, 'COLUMN_UNKNOWN', 'The protocol does not have this column.')),
    ...twice.map((column) => problem(column, 'COLUMN_TWICE', `The column ${column} stands in the table twice.`)),
  ]
}

export type ClinicalRow =
  | { readonly ok: true; readonly data: ClinicalData }
  | { readonly ok: false; readonly problems: readonly ClinicalProblem[] }

/**
 * One row of a clinical table whose header has been checked. An empty cell, or a column that the table does not have, is
 * null. Ages from 90 on become 90.
 *
 * @param row  text by column name
 */
export function clinicalRow(protocol: Columns, row: Readonly<Record<string, string | undefined>>): ClinicalRow {
  const problems: ClinicalProblem[] = []
  const read = <T>(column: string, parse: (text: string) => T | ClinicalProblem): T | null => {
    const text = (row[column] ?? '').trim()
    if (text === '') return null
    const value = parse(text)
    if (!isProblem(value)) return value
    problems.push(value)
    return null
  }
  const sex = read('sex', parseSex)
  const age = read('age_years', (text) => parseNumber({ name: 'age_years', type: 'integer', min: 0, max: 130 }, text))
  const site = read('site', parseSite)
  const columns = Object.fromEntries(
    protocol.clinicalColumns.map((column) => [column.name, read(column.name, (text) => parseColumn(column, text))]),
  )
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, data: { sex, ageYears: age === null ? null : Math.min(age, 90), site, columns } }
}

function parseSex(text: string): Sex | ClinicalProblem {
  const sex = Sex.safeParse(text)
  return sex.success ? sex.data : problem('sex', 'CODE_UNKNOWN', 'Sex is F, M or O.')
}

function parseSite(text: string): string | ClinicalProblem {
  if (/^[\p{L}\p{N} ._-]{1,32}$/u.test(text)) return text
  return problem('site', 'TEXT_NOT_ALLOWED', 'A site has at most 32 letters, digits, blanks, dots, hyphens.')
}

function parseColumn(column: ClinicalColumn, text: string): string | number | ClinicalProblem {
  if (column.type !== 'code') return parseNumber(column, text)
  const codes = column.codes.map(({ code }) => code)
  if (codes.includes(text)) return text
  return problem(column.name, 'CODE_UNKNOWN', `The codes of ${column.name} are ${codes.join(', ')}.`)
}

type NumberColumn = {
  readonly name: string
  readonly type: 'integer' | 'decimal'
  readonly min?: number | undefined
  readonly max?: number | undefined
}

function parseNumber({ name, type, min, max }: NumberColumn, text: string): number | ClinicalProblem {
  if (!/^-?\d{1,12}(\.\d{1,12})?$/.test(text)) {
    return problem(name, 'NOT_A_NUMBER', `${name} is a number with a decimal point, such as 12.5, or empty.`)
  }
  const value = Number(text)
  if (type === 'integer' && !Number.isInteger(value)) return problem(name, 'NOT_WHOLE', `${name} is a whole number.`)
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    return problem(name, 'OUT_OF_RANGE', `${name} lies ${range(min, max)}.`)
  }
  return value
}

function range(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `at or below ${max}`
  return max === undefined ? `at or above ${min}` : `from ${min} to ${max}`
}

function problem(column: string, code: ClinicalProblem['code'], message: string): ClinicalProblem {
  return { column, code, message }
}

function isProblem(value: unknown): value is ClinicalProblem {
  return typeof value === 'object' && value !== null
}
