import { codebook } from '@facetgrade/grading/codebook'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Text } from '@facetgrade/grading/protocol-text'
import type { StudyKind } from '../studies/study-store.ts'
import { COUNT_COLUMNS, COUNTS_FILE } from './counts-csv.ts'
import type { CsvValue } from './csv.ts'
import type { ExportColumn } from './export-column.ts'
import { EXPORT_TABLES } from './export-tables.ts'
import { RESULT_COLUMNS, RESULTS_FILE } from './results-csv.ts'

export const CODEBOOK_FILE = 'codebook.csv'
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
] as const

type Described = Pick<ExportColumn<never>, 'name' | 'type' | 'unit' | 'label'>

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
      en: 'A text that begins with = + - @ carries an apostrophe before it, so that no spreadsheet runs it as a formula',
      zh: '以 = + - @ 开头的文本前加单引号，避免电子表格将其作为公式执行',
    },
  ],
  [
    'reader',
    {
      en: 'Readers are codes of the study (J1, S2), never account names',
      zh: '阅片者仅以研究编码（J1、S2）表示，不含账户姓名',
    },
  ],
  ['side', { en: "Left and right are the patient's own", zh: '左右均为患者自身左右' }],
]

const KINDS: Readonly<Record<StudyKind, Text>> = {
  real: { en: 'Images of patients', zh: '患者影像' },
  demo: { en: 'Demonstration: made-up data, not a study of patients', zh: '演示：虚构数据，并非患者研究' },
  synthetic: { en: 'Synthetic phantoms: says nothing about patients', zh: '合成体模：不反映任何患者情况' },
}

/** Codes that stand for a value that is not there, by column: statistics packages declare them as missing. */
const MISSING_STATES = new Set(['not_graded', 'not_assessable', 'not_applicable'])

/** The codebook as one table: notes, then every variable of every file, then every code with its label. */
export function* codebookRows(
  protocol: Protocol,
  { protocolVersion, kind }: { protocolVersion: number; kind: StudyKind },
): Generator<readonly CsvValue[]> {
  const book = codebook(protocol, protocolVersion)
  yield row({ kind: 'note', variable: 'study_kind', value: kind, label: KINDS[kind] })
  for (const [name, text] of NOTES) yield row({ kind: 'note', variable: name, label: text })
  yield row({ kind: 'note', variable: 'protocol_version', value: String(protocolVersion), label: book.title })
  yield row({
    kind: 'note',
    variable: 'severity_scheme',
    value: `${book.scheme.name} ${book.scheme.version}`,
    label: book.scheme.text,
  })
  for (const { file, columns } of describedFiles()) {
    for (const { name, type, unit, label } of columns)
      yield row({ kind: 'variable', file, variable: name, type, unit, label })
  }
  for (const { column, values } of [...book.columns, ...ownCodes(protocol)]) {
    for (const { value, label } of values) {
      yield row({
        kind: 'code',
        variable: column,
        value,
        label,
        isMissing: column === 'state' && MISSING_STATES.has(value),
      })
    }
  }
  for (const { modality, feature, values } of book.grades) {
    for (const { value, label, definition } of values) {
      yield row({ kind: 'code', variable: 'grade', modality, feature, value, label, definition })
    }
  }
}

const describedFiles = (): { file: string; columns: readonly Described[] }[] => [
  ...EXPORT_TABLES,
  { file: COUNTS_FILE, columns: COUNT_COLUMNS },
  { file: RESULTS_FILE, columns: RESULT_COLUMNS },
]

/** Codes that the protocol's own codebook does not list. */
function ownCodes(protocol: Protocol): { column: string; values: { value: string; label: Text }[] }[] {
  return [
    { column: 'round', values: protocol.rounds.map(({ name, label }) => ({ value: name, label })) },
    { column: 'reader_group', values: protocol.readerGroups.map(({ name, label }) => ({ value: name, label })) },
    {
      column: 'origin',
      values: [
        { value: 'entered', label: { en: 'Entered by the reader', zh: '阅片者输入' } },
        { value: 'copied', label: { en: 'Copied from the opposite joint', zh: '自对侧关节复制' } },
        { value: 'undone', label: { en: 'An undo', zh: '撤销' } },
      ],
    },
    {
      column: 'consensus_origin',
      values: [
        { value: 'agreed', label: { en: 'The readers agreed', zh: '阅片者一致' } },
        { value: 'adjudicated', label: { en: 'Decided together and confirmed by all', zh: '共同裁定并全部确认' } },
      ],
    },
  ]
}

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

function row(of: CodebookRow): CsvValue[] {
  return [
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
  ]
}
