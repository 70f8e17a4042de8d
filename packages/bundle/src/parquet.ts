import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ByteSink } from './byte-sink.ts'
import type { ColumnType, StudyKind, Table, TableColumn, TableRow, TableValue, TableWriter } from './table.ts'

/** Rows of a row group: what is held in memory before it is written. */
const GROUP_ROWS = 50_000

type Meta = { readonly kind: StudyKind; readonly software: string }

const ELEMENT: Readonly<Record<ColumnType, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  code: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  hash: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  date: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  flag: { type: 'BOOLEAN' },
  decimal: { type: 'DOUBLE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
}

/**
 * Apache Parquet, Snappy: text as UTF-8, integers as 32-bit, flags as booleans, instants as UTC timestamps, missing as
 * null. The file's own metadata carries labels, units, the kind of study and the software.
 */
export function parquetTable(table: Table, sink: ByteSink, meta: Meta): TableWriter {
  const bytes = new ByteWriter(1024 * 1024)
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'table', num_children: table.columns.length },
      ...table.columns.map(
        ({ name, type }): SchemaElement => ({ name, repetition_type: 'OPTIONAL', ...ELEMENT[type] }),
      ),
    ],
    statistics: false,
    createdBy: meta.software,
    kvMetadata: [
      { key: 'study_kind', value: meta.kind },
      { key: 'columns', value: JSON.stringify(table.columns.map(described)) },
    ],
  })
  let held: TableRow[] = []
  const send = async (): Promise<void> => {
    const written = new Uint8Array(bytes.getBuffer())
    bytes.index = 0
    if (written.length > 0) await sink.write(written)
  }
  const group = async (): Promise<void> => {
    if (held.length > 0) {
      const rows = held
      held = []
      await writer.write({
        columnData: table.columns.map(({ name, type }, index) => ({
          name,
          data: rows.map((row) => stored(type, row[index] ?? null)),
        })),
        rowGroupSize: GROUP_ROWS,
      })
    }
    await send()
  }
  return {
    async rows(rows) {
      for (const row of rows) held.push(row)
      if (held.length >= GROUP_ROWS) await group()
    },
    async end() {
      await group()
      await writer.finish()
      await send()
    },
  }
}

function stored(type: ColumnType, value: TableValue): string | number | boolean | Date | null {
  if (value === null) return null
  if (type === 'flag') return value === 1
  if (type === 'instant') return new Date(value)
  return value
}

const described = ({ name, type, unit, label }: TableColumn) => ({ name, type, unit: unit ?? null, ...label })
