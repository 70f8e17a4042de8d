import { type ByteSink, utf8 } from './byte-sink.ts'
import type { Table, TableRow, TableValue, TableWriter } from './table.ts'

/** Excel takes a file without it for the local code page; R, pandas, SAS and SPSS take it for what it is. */
export const BOM = '\uFEFF'

/**
 * One record of RFC 4180, ended with CRLF. Null is an empty field. A text that a spreadsheet would run as a formula
 * (it begins with = + - @, a tab or a carriage return) gets an apostrophe before it; numbers are never touched.
 */
export function csvLine(values: TableRow): string {
  return `${values.map(field).join(',')}\r\n`
}

export function csvTable(table: Table, sink: ByteSink): TableWriter {
  let isBegun = false
  const head = (): string => (isBegun ? '' : BOM + csvLine(table.columns.map(({ name }) => name)))
  const send = async (text: string): Promise<void> => {
    isBegun = true
    if (text !== '') await sink.write(utf8(text))
  }
  return {
    rows: (rows) => send(head() + rows.map(csvLine).join('')),
    end: () => send(head()),
  }
}

/** Most fields of an export are codes and hashes: one look says that nothing needs to be done. */
const SPECIAL = /^[=+\-@\t\r]|[",\r\n]/

function field(value: TableValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  if (!SPECIAL.test(value)) return value
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Fields of one record that lies on one line, as `csvLine` writes them; the apostrophe of a defused text stays. */
export function csvFields(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  let at = 0
  while (at <= line.length) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at)
      const to = end === -1 ? line.length : end
      fields.push(line.slice(at, to))
      at = to + 1
      continue
    }
    let text = ''
    at += 1
    for (;;) {
      const quote = line.indexOf('"', at)
      if (quote === -1) throw new RangeError('a quoted field without an end')
      text += line.slice(at, quote)
      at = quote + 1
      if (line[at] !== '"') break
      text += '"'
      at += 1
    }
    fields.push(text)
    at += 1
  }
  return fields
}
