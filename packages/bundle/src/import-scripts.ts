import type { Protocol } from '@facetgrade/grading/protocol'
import { codeLists } from './codes.ts'
import { rScript } from './scripts/r-script.ts'
import { sasScript } from './scripts/sas-script.ts'
import type { ScriptTable } from './scripts/script-table.ts'
import { spssScript } from './scripts/spss-script.ts'
import { stataScript } from './scripts/stata-script.ts'
import { KIND_TEXT, type StudyKind, type Table } from './table.ts'

export type ImportScript = { readonly file: string; readonly text: string }

/**
 * Scripts that load every table with types, labels, value labels and missing codes. Grades that are not there become user-missing
 * values that keep their cause: SPSS -91, -92, -93; SAS .G .A .N; Stata .g .a .n (not graded, not assessable, not
 * applicable). English labels; the codebook has both languages.
 */
export function importScripts(
  tables: readonly Table[],
  { protocol, protocolVersion, kind }: { protocol: Protocol; protocolVersion: number; kind: StudyKind },
): ImportScript[] {
  const lists = new Map(codeLists(protocol, protocolVersion).map(({ column, values }) => [column, values]))
  const described = tables.map(
    (table): ScriptTable => ({
      name: table.name.replaceAll('-', '_'),
      file: `${table.name}.csv`,
      label: table.label.en,
      columns: table.columns.map((column) => ({
        ...column,
        text: column.unit === undefined ? column.label.en : `${column.label.en} [${column.unit}]`,
        values: (column.type === 'code' ? lists.get(baseName(column.name)) : undefined)?.map(({ value, label }) => ({
          value,
          label: label.en,
        })),
      })),
    }),
  )
  const about = `${kind}: ${KIND_TEXT[kind].en}`
  return [
    { file: 'import.R', text: rScript(described, about) },
    { file: 'import.sps', text: spssScript(described, about) },
    { file: 'import.do', text: stataScript(described, about) },
    { file: 'import.sas', text: sasScript(described, about) },
  ]
}

/** `narrowing_state` of the wide table has the codes of `state`. */
const baseName = (name: string): string => (name.endsWith('_state') && name !== 'prediction_state' ? 'state' : name)
