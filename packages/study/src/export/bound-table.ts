import { KIND_COLUMN, type StudyKind, type Table, type TableRow } from '@facetgrade/bundle/table'
import type { Text } from '@facetgrade/grading/protocol-text'
import type { ExportColumn } from './export-column.ts'
import type { PageSource } from './page-source.ts'

/** A table of the study with its rows of a page of patients. */
export type ExportTable = Table & { rows(page: PageSource): Promise<TableRow[]> }

/** Binds a table's columns to its rows, so that neither can name what the other lacks. The kind of study stands last. */
export function boundTable<Row>(
  table: { name: string; label: Text; key: readonly string[]; columns: readonly ExportColumn<Row>[] },
  load: (page: PageSource) => Promise<readonly Row[]>,
): (kind: StudyKind) => ExportTable {
  return (kind) => ({
    ...table,
    columns: [...table.columns, KIND_COLUMN],
    rows: async (page) => (await load(page)).map((row) => [...table.columns.map(({ value }) => value(row)), kind]),
  })
}
