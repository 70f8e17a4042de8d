import { codebook } from '@facetgrade/grading/codebook'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Text } from '@facetgrade/grading/protocol-text'
import { codeLists, MISSING_STATES } from './codes.ts'
import { BOM, csvLine } from './csv.ts'
import { KIND_TEXT, type StudyKind, type Table, type TableRow } from './table.ts'

export const CODEBOOK_HEADER = [
  'kind',
  'file',
  'variable',
  'type',
  'unit',
  'modality',
  'feature',
  'value',
  'label_en',
  'label_zh',
  'definition_en',
  'definition_zh',
  'missing',
  'study_kind',
] as const

export type CodebookOf = {
  readonly protocol: Protocol
  readonly protocolVersion: number
  readonly kind: StudyKind
  readonly tables: readonly Table[]
}

const NOTES: readonly (readonly [string, Text])[] = [
  [
    'encoding',
    {
      en: 'UTF-8 with a byte order mark; lines end with CRLF; fields as in RFC 4180',
      zh: 'UTF-8（含 BOM），行尾 CRLF，字段遵循 RFC 4180',
    },
  ],
  [
    'missing',
    {
      en: 'An empty field is missing. A grade is empty unless state is graded; 0 is always a grade, never a missing value',
      zh: '空字段表示缺失。仅当 state 为 graded 时 grade 有值；0 始终是评分，绝不表示缺失',
    },
  ],
  ['flag', { en: '1 is yes, 0 is no', zh: '1 为是，0 为否' }],
  [
    'apostrophe',
    {
      en: 'A text that begins with = + - @ carries an apostrophe before it in CSV, so that no spreadsheet runs it as a formula',
      zh: 'CSV 中以 = + - @ 开头的文本前加单引号，避免电子表格将其作为公式执行',
    },
  ],
  [
    'reader',
    {
      en: 'Readers are codes of the study (J1, S2), never account names; in a blinded bundle they are masked (M1, M2)',
      zh: '阅片者仅以研究编码（J1、S2）表示，不含账户姓名；盲态数据包中编码已遮蔽（M1、M2）',
    },
  ],
  ['side', { en: "Left and right are the patient's own", zh: '左右均为患者自身左右' }],
]

/** The codebook as one table: notes, then every variable of every file, then every code with its label. */
export function* codebookRows({ protocol, protocolVersion, kind, tables }: CodebookOf): Generator<TableRow> {
  const row = rowOf(kind)
  const book = codebook(protocol, protocolVersion)
  yield row({ kind: 'note', variable: 'study_kind', value: kind, label: KIND_TEXT[kind] })
  for (const [name, label] of NOTES) yield row({ kind: 'note', variable: name, label })
  yield row({ kind: 'note', variable: 'protocol_version', value: String(protocolVersion), label: book.title })
  yield row({
    kind: 'note',
    variable: 'severity_scheme',
    value: `${book.scheme.name} ${book.scheme.version}`,
    label: book.scheme.text,
  })
  for (const { name: file, columns } of tables) {
    for (const { name, type, unit, label } of columns)
      yield row({ kind: 'variable', file: `${file}.csv`, variable: name, type, unit, label })
  }
  for (const { column, values } of codeLists(protocol, protocolVersion)) {
    for (const { value, label } of values)
      yield row({ kind: 'code', variable: column, value, label, isMissing: isMissing(column, value) })
  }
  for (const { modality, feature, values } of book.grades) {
    for (const { value, label, definition } of values)
      yield row({ kind: 'code', variable: 'grade', modality, feature, value, label, definition })
  }
}

export const codebookCsv = (of: CodebookOf): string =>
  BOM + csvLine([...CODEBOOK_HEADER]) + Array.from(codebookRows(of), csvLine).join('')

/** The same as one JSON document, for programs. */
export function codebookJson({ protocol, protocolVersion, kind, tables }: CodebookOf): string {
  const document = {
    format: 'facetgrade-codebook/1',
    studyKind: kind,
    about: KIND_TEXT[kind],
    notes: Object.fromEntries(NOTES),
    missing: { empty: true, states: MISSING_STATES },
    tables: tables.map(({ name, label, key, columns }) => ({
      file: `${name}.csv`,
      label,
      key,
      columns: columns.map((column) => ({ ...column, unit: column.unit ?? null })),
    })),
    codes: codeLists(protocol, protocolVersion),
    protocol: codebook(protocol, protocolVersion),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

const isMissing = (column: string, value: string): boolean =>
  column === 'state' && (MISSING_STATES as readonly string[]).includes(value)

type CodebookRow = {
  kind: 'note' | 'variable' | 'code'
  file?: string
  variable: string
  type?: string
  unit?: string | undefined
  modality?: string
  feature?: string
  value?: string
  label: Text
  definition?: Text | undefined
  isMissing?: boolean
}

const rowOf =
  (studyKind: StudyKind) =>
  (of: CodebookRow): TableRow => [
    of.kind,
    of.file ?? null,
    of.variable,
    of.type ?? null,
    of.unit ?? null,
    of.modality ?? null,
    of.feature ?? null,
    of.value ?? null,
    of.label.en,
    of.label.zh,
    of.definition?.en ?? null,
    of.definition?.zh ?? null,
    of.kind === 'code' ? (of.isMissing ? 1 : 0) : null,
    studyKind,
  ]
