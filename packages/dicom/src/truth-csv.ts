import { Feature } from '@facetgrade/grading/feature'
import { Level, Side } from '@facetgrade/grading/joint'
import { Modality, modalityOfDicom } from '@facetgrade/grading/modality'
import type { PhantomTruth } from '@facetgrade/grading/phantom-truth'
import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import { patientCodeOf } from './keyed-patient.ts'
import type { StudyKey } from './study-key.ts'

/** Built-in grades of one phantom in one modality, its identity keyed. `row`: its first line in the file. */
export type TruthGroup = { row: number; patientCode: string; modality: Modality; cells: PhantomTruth[] }

/** Why a line of truth.csv is refused. Constant sentences: no value of the table is repeated. */
export const TRUTH_REASONS = {
  TEXT_UNDECODABLE: 'The file is not UTF-8 text.',
  CSV_MALFORMED: 'The row is not valid CSV (for example an unclosed quote).',
  FILE_EMPTY: 'The table has no rows.',
  HEADER_WRONG: 'The header is not issuer,patient_id,modality,level,side,feature,grade,visible,cnr.',
  FIELD_COUNT: 'The row has more or fewer fields than the header.',
  PATIENT_BLANK: 'The patient is blank.',
  MODALITY_UNKNOWN: 'The modality is not xray, ct or mr (nor DX, CT or MR).',
  LEVEL_UNKNOWN: 'The level is none that the lumbar spine has, such as L4L5.',
  SIDE_UNKNOWN: 'The side is neither left nor right.',
  FEATURE_UNKNOWN: 'The feature is not narrowing, hypertrophy, osteophytes, erosion or cyst; severity is derived.',
  GRADE_WRONG: 'The grade is not a whole number from 0 to 4.',
  VISIBLE_WRONG: 'Visible is neither 1 nor 0 (nor true nor false).',
  CNR_WRONG: 'The contrast-to-noise ratio is neither a number nor empty.',
  CELL_TWICE: 'The same cell stands in the table twice.',
} as const
export type TruthReason = keyof typeof TRUTH_REASONS
export type TruthProblem = { row: number | null; column: string | null; reason: TruthReason }

const COLUMNS = ['issuer', 'patient_id', 'modality', 'level', 'side', 'feature', 'grade', 'visible', 'cnr'] as const
const VISIBLE: Readonly<Record<string, boolean>> = { '1': true, true: true, '0': false, false: false }
type Report = (column: string | null, reason: TruthReason) => null
type Options = { key: StudyKey; defaultIssuer: string }

/**
 * Reads `truth.csv` where the key is: hospital ids are replaced by patient codes here and leave nowhere. A caller takes
 * nothing of a table with a problem.
 */
export function readTruthCsv(bytes: Uint8Array, options: Options): { groups: TruthGroup[]; problems: TruthProblem[] } {
  const records = recordsOf(bytes)
  if ('reason' in records) return { groups: [], problems: [records] }
  const [header, ...body] = records
  const stop = (reason: TruthReason) => ({ groups: [], problems: [{ row: 1, column: null, reason }] })
  if (header?.record.join(',') !== COLUMNS.join(',')) return stop('HEADER_WRONG')
  if (body.length === 0) return stop('FILE_EMPTY')
  const groups = new Map<string, TruthGroup>()
  const seen = new Set<string>()
  const problems: TruthProblem[] = []
  const code = codesOf(options)
  for (const { record, line } of body) {
    const report: Report = (column, reason) => {
      problems.push({ row: line, column, reason })
      return null
    }
    const found = readLine(record, code, report)
    if (!found) continue
    const { patientCode, modality, ...cell } = found
    const group = `${patientCode} ${modality}`
    const key = `${group} ${cell.level} ${cell.side} ${cell.feature}`
    if (seen.has(key)) report('feature', 'CELL_TWICE')
    seen.add(key)
    const before = groups.get(group)
    if (before) before.cells.push(cell)
    else groups.set(group, { row: line, patientCode, modality, cells: [cell] })
  }
  return { groups: [...groups.values()], problems }
}

function recordsOf(bytes: Uint8Array): { record: string[]; line: number }[] | TruthProblem {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { row: null, column: null, reason: 'TEXT_UNDECODABLE' }
  }
  try {
    // The library's types do not follow its `info` option.
    const parsed: unknown = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, info: true })
    return (parsed as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record: record.map((field) => field.trim()),
      line: info.lines,
    }))
  } catch (error) {
    const lines = error instanceof CsvError ? error['lines'] : undefined
    return { row: typeof lines === 'number' ? lines : null, column: null, reason: 'CSV_MALFORMED' }
  }
}

/** One keyed hash a patient, however many lines it has. */
function codesOf({ key, defaultIssuer }: Options): (issuer: string, patientId: string) => string | null {
  const codes = new Map<string, string>()
  return (given, patientId) => {
    const issuer = given || defaultIssuer.trim()
    if (issuer === '' || patientId === '') return null
    const name = `${issuer}\n${patientId}`
    const code = codes.get(name) ?? patientCodeOf(key, issuer, patientId)
    codes.set(name, code)
    return code
  }
}

function readLine(
  record: readonly string[],
  code: (issuer: string, patientId: string) => string | null,
  report: Report,
): (PhantomTruth & { patientCode: string; modality: Modality }) | null {
  if (record.length !== COLUMNS.length) return report(null, 'FIELD_COUNT')
  const [issuer = '', patientId = '', , , , , gradeText = '', visibleText = '', cnrText = ''] = record
  const patientCode = code(issuer, patientId) ?? report('patient_id', 'PATIENT_BLANK')
  const named = record[2] ?? ''
  const modality =
    Modality.safeParse(named.toLowerCase()).data ?? modalityOfDicom(named) ?? report('modality', 'MODALITY_UNKNOWN')
  const level = Level.safeParse(record[3]).data ?? report('level', 'LEVEL_UNKNOWN')
  const side = Side.safeParse(record[4]).data ?? report('side', 'SIDE_UNKNOWN')
  const feature = Feature.safeParse(record[5]).data ?? report('feature', 'FEATURE_UNKNOWN')
  const grade = /^[0-4]$/.test(gradeText) ? Number(gradeText) : report('grade', 'GRADE_WRONG')
  const visible = VISIBLE[visibleText.toLowerCase()] ?? report('visible', 'VISIBLE_WRONG')
  const cnr = cnrText === '' ? null : Number(cnrText)
  if (cnr !== null && !Number.isFinite(cnr)) return report('cnr', 'CNR_WRONG')
  if (!patientCode || !modality || !level || !side || !feature || grade === null || visible === null) return null
  return { patientCode, modality, level, side, feature, grade, visible, cnr }
}
