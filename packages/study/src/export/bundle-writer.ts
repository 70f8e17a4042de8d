import { utf8 } from '@facetgrade/bundle/byte-sink'
import { csvTable } from '@facetgrade/bundle/csv'
import type { ExportSource } from '@facetgrade/bundle/export-reading'
import type { BundleFile, BundleTable } from '@facetgrade/bundle/manifest'
import { parquetTable } from '@facetgrade/bundle/parquet'
import type { Table, TableRow, TableWriter } from '@facetgrade/bundle/table'
import { xlsxTable } from '@facetgrade/bundle/xlsx'

/** A file on its way: its name is its content, which is known when it is finished. */
export type NewFile = {
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<{ sha256: string; bytes: number }>
}
export type BundleFiles = { create(): Promise<NewFile> }

export type WrittenBundle = { readonly tables: readonly BundleTable[]; readonly files: readonly BundleFile[] }

/** Takes tables and texts, writes their files, and keeps the list of them. */
export function bundleWriter(store: BundleFiles, source: ExportSource) {
  const files: BundleFile[] = []
  const tables: BundleTable[] = []
  const create = async (name: string): Promise<{ sink: NewFile; finish(): Promise<void> }> => {
    const sink = await store.create()
    return {
      sink,
      finish: async () => {
        files.push({ name, ...(await sink.finish()) })
      },
    }
  }
  const open = async (table: Table): Promise<TableWriter> => {
    const { kind, software } = source
    const [csv, parquet, xlsx] = await Promise.all(
      ['csv', 'parquet', 'xlsx'].map((ending) => create(`tables/${table.name}.${ending}`)),
    )
    if (!csv || !parquet || !xlsx) throw new Error('three files were asked for')
    const writers = [
      csvTable(table, csv.sink),
      parquetTable(table, parquet.sink, { kind, software: `${software.name} ${software.version}` }),
      xlsxTable(table, xlsx.sink, { kind }),
    ]
    let count = 0
    return {
      async rows(rows) {
        count += rows.length
        await Promise.all(writers.map((writer) => writer.rows(rows)))
      },
      async end() {
        await Promise.all(writers.map((writer) => writer.end()))
        await Promise.all([csv.finish(), parquet.finish(), xlsx.finish()])
        tables.push({
          name: table.name,
          rows: count,
          key: [...table.key],
          columns: table.columns.map(({ name }) => name),
        })
      },
    }
  }
  return {
    create,
    open,
    async table(table: Table, rows: readonly TableRow[]): Promise<void> {
      const to = await open(table)
      await to.rows(rows)
      await to.end()
    },
    async text(name: string, text: string): Promise<void> {
      const file = await create(name)
      await file.sink.write(utf8(text))
      await file.finish()
    },
    /** By name, whatever order they were finished in. */
    written: (): WrittenBundle => ({
      tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    }),
  }
}
