import type { ClinicalColumn } from '@facetgrade/grading/protocol-document'
import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import { patientCodeOf } from './keyed-patient.ts'
import type { StudyKey } from './study-key.ts'

/** One patient of the clinical table. Null is missing, never 0. */
export type PatientRow = {
  /** Line in the file it was read from, from 1. */
  line: number
  patientCode: string
  sex: 'M' | 'F' | 'O' | null
  /** Whole years; 90 stands for 90 and older. */
  ageYears: number | null
  site: string | null
  /** The protocol's own clinical columns by name. */
  values: Record<string, number | string | null>
}

/** Reasons of refused cells and rows. Constant sentences: no value of the table is repeated. */
export const CSV_REASONS = {
  TEXT_UNDECODABLE: { en: 'The file is neither UTF-8 nor GB18030 text.', zh: '文件既不是 UTF-8 也不是 GB18030 文本。' },
  CSV_MALFORMED: {
    en: 'The row is not valid CSV (for example an unclosed quote).',
    zh: '该行不是有效的 CSV(例如引号未闭合)。',
  },
  FILE_EMPTY: { en: 'The table has no rows.', zh: '表格没有数据行。' },
  TOO_LARGE: { en: 'The table has more than 100,000 rows or 64 MiB.', zh: '表格超过 100,000 行或 64 MiB。' },
  COLUMN_MISSING: { en: 'The column is missing from the header.', zh: '表头缺少该列。' },
  COLUMN_UNKNOWN: { en: 'The protocol does not know this column.', zh: '方案中没有该列。' },
  COLUMN_TWICE: { en: 'The column stands in the header twice.', zh: '表头中该列重复出现。' },
  KEY_MISSING: {
    en: 'The table has hospital ids and must be read with the key.',
    zh: '表格含医院编号,须使用密钥读取。',
  },
  FIELD_COUNT: { en: 'The row has more or fewer fields than the header.', zh: '该行字段数与表头不一致。' },
  PATIENT_BLANK: { en: 'The patient is blank.', zh: '患者编号为空。' },
  PATIENT_CODE_WRONG: { en: 'This is not a patient code (P and ten characters).', zh: '不是患者代码(P 加十个字符)。' },
  PATIENT_TWICE: { en: 'The patient stands in the table twice.', zh: '该患者在表格中重复出现。' },
  SEX_WRONG: { en: 'Sex is M, F, O or empty.', zh: '性别须为 M、F、O 或空。' },
  AGE_WRONG: { en: 'Age is a whole number of years from 0 to 150, or empty.', zh: '年龄须为 0–150 的整数或空。' },
  SITE_WRONG: {
    en: 'Site is a code of up to 24 letters, digits, hyphens or underscores, or empty.',
    zh: '中心须为不超过 24 位的字母、数字、连字符或下划线代码,或空。',
  },
  NUMBER_WRONG: { en: 'This is not a number of the kind that the protocol asks.', zh: '不是方案要求的数值类型。' },
  NUMBER_OUT_OF_RANGE: { en: "The number is outside the protocol's range.", zh: '数值超出方案规定的范围。' },
  CODE_UNKNOWN: { en: "The value is not one of the protocol's codes.", zh: '该值不是方案中的代码。' },
} as const satisfies Record<string, { en: string; zh: string }>
export type CsvReason = keyof typeof CSV_REASONS

/** Line of the file from 1 (null: the whole file), column by its name in the header, reason. */
export type CsvProblem = { row: number | null; column: string | null; reason: CsvReason }

export type PatientsCsv = { rows: PatientRow[]; problems: CsvProblem[] }

export type PatientsCsvOptions = {
  columns: readonly ClinicalColumn[]
  /** Needed where the table has `issuer,patient_id` instead of `patient_code`. */
  key: StudyKey | null
  /** For rows with a blank issuer. */
  defaultIssuer: string
}

const MAX_BYTES = 64 * 1024 * 1024
const MAX_ROWS = 100_000
const OWN_COLUMNS = ['patient_code', 'issuer', 'patient_id', 'sex', 'age_years', 'site']

/**
 * Reads the clinical table: `patient_code` (or `issuer,patient_id`), `sex,age_years,site`, then the protocol's own
 * columns, in any order. Hospital ids are replaced by patient codes here and leave nowhere. A row with a problem is not in
 * `rows`; a caller takes nothing of the table until the person has confirmed.
 */
export function readPatientsCsv(bytes: Uint8Array, options: PatientsCsvOptions): PatientsCsv {
  const stop = (reason: CsvReason, column: string | null = null): PatientsCsv => ({
    rows: [],
    problems: [{ row: null, column, reason }],
  })
  if (bytes.length > MAX_BYTES) return stop('TOO_LARGE')
  const text = decodeTable(bytes)
  if (text === undefined) return stop('TEXT_UNDECODABLE')
  const records = parseRecords(text)
  if ('reason' in records) return { rows: [], problems: [records] }
  const [header, ...body] = records
  if (header === undefined || body.length === 0) return stop('FILE_EMPTY')
  if (body.length > MAX_ROWS) return stop('TOO_LARGE')
  const names = header.record.map((name) => name.trim())
  const problems = checkHeader(names, options)
  if (problems.length > 0) return { rows: [], problems }
  return readRows(names, body, options)
}

type CsvRecord = { record: string[]; line: number }

const decodeTable = (bytes: Uint8Array): string | undefined => {
  for (const label of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes)
    } catch {
      // The next encoding is tried; when none fits, the caller says so.
    }
  }
  return undefined
}

function parseRecords(text: string): CsvRecord[] | CsvProblem {
  const [firstLine = ''] = text.split(/\r?\n/, 1)
  const delimiter = [',', ';', '\t'].toSorted((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0] ?? ','
  try {
    const options = { bom: true, delimiter, relax_column_count: true, skip_empty_lines: true, info: true }
    // The library's types do not follow its `info` option.
    const parsed: unknown = parse(text, options)
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }))
  } catch (error) {
    const lines = error instanceof CsvError ? error['lines'] : undefined
    return { row: typeof lines === 'number' ? lines : null, column: null, reason: 'CSV_MALFORMED' }
  }
}

function checkHeader(names: readonly string[], { columns, key }: PatientsCsvOptions): CsvProblem[] {
  const problem = (column: string, reason: CsvReason): CsvProblem => ({ row: 1, column, reason })
  const known = new Set([...OWN_COLUMNS, ...columns.map(({ name }) => name)])
  const isKeyed = names.includes('patient_code')
  const needed = isKeyed ? ['patient_code', 'sex', 'age_years', 'site'] : ['patient_id', 'sex', 'age_years', 'site']
  return [
    ...names
      .filter((name) => !known.has(name))
      .map((name) => problem(known.has(name) ? name : printable(name), 'COLUMN_UNKNOWN')),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => problem(name, 'COLUMN_TWICE')),
    ...needed.filter((name) => !names.includes(name)).map((name) => problem(name, 'COLUMN_MISSING')),
    ...(isKeyed && names.includes('patient_id') ? [problem('patient_id', 'COLUMN_UNKNOWN')] : []),
    ...(!isKeyed && key === null ? [problem('patient_id', 'KEY_MISSING')] : []),
  ]
}

/** A header may be shown back only when it looks like a column name; a table without header has names of people there. */
const printable = (name: string): string => (/^[a-z][a-z_]{0,31}$/.test(name) ? name : '?')

function readRows(names: readonly string[], body: readonly CsvRecord[], options: PatientsCsvOptions): PatientsCsv {
  const rows: PatientRow[] = []
  const problems: CsvProblem[] = []
  const seen = new Set<string>()
  for (const { record, line } of body) {
    const found: CsvProblem[] = []
    const report = (column: string | null, reason: CsvReason): null => {
      found.push({ row: line, column, reason })
      return null
    }
    if (record.length !== names.length) report(null, 'FIELD_COUNT')
    else {
      const cells = new Map(names.map((name, index) => [name, (record[index] ?? '').trim()]))
      const row = readRow(cells, options, { line, report })
      if (row && seen.has(row.patientCode))
        report(cells.has('patient_code') ? 'patient_code' : 'patient_id', 'PATIENT_TWICE')
      if (row) seen.add(row.patientCode)
      if (row && found.length === 0) rows.push(row)
    }
    problems.push(...found)
  }
  return { rows, problems }
}

type Report = (column: string | null, reason: CsvReason) => null

function readRow(
  cells: ReadonlyMap<string, string>,
  options: PatientsCsvOptions,
  { line, report }: { line: number; report: Report },
): PatientRow | null {
  const cell = (name: string): string => cells.get(name) ?? ''
  const patientCode = readCode(cells, options, report)
  const sex = cell('sex').toUpperCase()
  const age = cell('age_years')
  const site = cell('site')
  const isSex = sex === 'M' || sex === 'F' || sex === 'O'
  if (sex !== '' && !isSex) report('sex', 'SEX_WRONG')
  if (age !== '' && !(/^\d{1,3}$/.test(age) && Number(age) <= 150)) report('age_years', 'AGE_WRONG')
  if (site !== '' && !/^[A-Za-z0-9_-]{1,24}$/.test(site)) report('site', 'SITE_WRONG')
  const values = Object.fromEntries(
    options.columns.map((column) => [column.name, readValue(column, cell(column.name), report)]),
  )
  if (patientCode === null) return null
  return {
    line,
    patientCode,
    sex: isSex ? sex : null,
    ageYears: age === '' ? null : Math.min(Number(age), 90),
    site: site || null,
    values,
  }
}

function readCode(
  cells: ReadonlyMap<string, string>,
  { key, defaultIssuer }: PatientsCsvOptions,
  report: Report,
): string | null {
  const code = cells.get('patient_code')
  if (code !== undefined) {
    if (code === '') return report('patient_code', 'PATIENT_BLANK')
    return /^P[0-9A-HJKMNP-TV-Z]{10}$/.test(code) ? code : report('patient_code', 'PATIENT_CODE_WRONG')
  }
  const patientId = cells.get('patient_id') ?? ''
  const issuer = (cells.get('issuer') ?? '') || defaultIssuer.trim()
  if (patientId === '') return report('patient_id', 'PATIENT_BLANK')
  if (issuer === '') return report('issuer', 'PATIENT_BLANK')
  return key === null ? report('patient_id', 'KEY_MISSING') : patientCodeOf(key, issuer, patientId)
}

function readValue(column: ClinicalColumn, text: string, report: Report): number | string | null {
  if (text === '') return null
  if (column.type === 'code') {
    return column.codes.some(({ code }) => code === text) ? text : report(column.name, 'CODE_UNKNOWN')
  }
  const form = column.type === 'integer' ? /^[+-]?\d{1,15}$/ : /^[+-]?\d{1,15}(?:\.\d{1,15})?$/
  if (!form.test(text)) return report(column.name, 'NUMBER_WRONG')
  const value = Number(text)
  const isInRange = value >= (column.min ?? -Infinity) && value <= (column.max ?? Infinity)
  return isInRange ? value : report(column.name, 'NUMBER_OUT_OF_RANGE')
}

/** The table as it may be uploaded or kept: patient codes only, columns in the protocol's order. */
export function writePatientsCsv(rows: readonly PatientRow[], columns: readonly ClinicalColumn[]): string {
  const names = ['patient_code', 'sex', 'age_years', 'site', ...columns.map(({ name }) => name)]
  const lines = rows.map((row) =>
    [row.patientCode, row.sex, row.ageYears, row.site, ...columns.map(({ name }) => row.values[name] ?? null)]
      .map((value) => (value === null ? '' : String(value)))
      .join(','),
  )
  return `${[names.join(','), ...lines].join('\n')}\n`
}
