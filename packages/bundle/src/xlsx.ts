import { type ByteSink, utf8 } from './byte-sink.ts'
import { KIND_TEXT, type StudyKind, type Table, type TableColumn, type TableRow, type TableWriter } from './table.ts'
import { xml } from './xml.ts'
import { type ZipWriter, zipWriter } from './zip.ts'

/** ECMA-376: rows of a sheet, header among them. */
const SHEET_ROWS = 1_048_576
/** A cell holds so many characters; a longer text is refused, never cut. */
const CELL_CHARACTERS = 32_767
const HEADER_STYLE = 1
const INSTANT_STYLE = 2
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const DOCUMENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

type Meta = { readonly kind: StudyKind; readonly sheetRows?: number }
type Entry = ReturnType<ZipWriter['open']>

/**
 * Office Open XML, written row by row: further sheets when one is full, first row frozen, instants as dates (UTC), texts
 * as inline strings (no spreadsheet runs them), a last sheet `about` with the columns and the kind of study.
 *
 * @throws {RangeError} a text longer than a cell can hold
 */
export function xlsxTable(table: Table, sink: ByteSink, { kind, sheetRows = SHEET_ROWS }: Meta): TableWriter {
  const zip = zipWriter(sink)
  const letters = table.columns.map((_, index) => columnLetters(index))
  const sheets: string[] = []
  let sheet: Entry | undefined
  let row = 0
  const open = async (): Promise<Entry> => {
    sheets.push(sheets.length === 0 ? sheetName(table.name) : `${sheetName(table.name)}-${sheets.length + 1}`)
    const entry = zip.open(`xl/worksheets/sheet${sheets.length}.xml`)
    const header = table.columns.map(({ name }, at) => textCell(letters[at] ?? '', 1, name, HEADER_STYLE)).join('')
    await entry.write(utf8(`${SHEET_START}<row r="1">${header}</row>`))
    row = 1
    return entry
  }
  const close = async (entry: Entry): Promise<void> => {
    await entry.write(utf8('</sheetData></worksheet>'))
    await entry.close()
  }
  return {
    async rows(rows) {
      let text = ''
      for (const values of rows) {
        sheet ??= await open()
        if (row === sheetRows) {
          await sheet.write(utf8(text))
          text = ''
          await close(sheet)
          sheet = await open()
        }
        row += 1
        text += rowXml(values, { row, letters, columns: table.columns })
      }
      if (sheet && text !== '') await sheet.write(utf8(text))
    },
    async end() {
      await close(sheet ?? (await open()))
      sheets.push('about')
      const about = zip.open(`xl/worksheets/sheet${sheets.length}.xml`)
      await about.write(utf8(aboutSheet(table, kind)))
      await about.close()
      for (const [name, content] of parts(sheets)) {
        const part = zip.open(name)
        await part.write(utf8(content))
        await part.close()
      }
      await zip.end()
    },
  }
}

const SHEET_START = `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`

type Place = { row: number; letters: readonly string[]; columns: readonly TableColumn[] }

function rowXml(values: TableRow, { row, letters, columns }: Place): string {
  let cells = ''
  for (let at = 0; at < columns.length; at += 1) {
    const value = values[at] ?? null
    if (value === null) continue
    const letter = letters[at] ?? ''
    if (typeof value === 'number') cells += `<c r="${letter}${row}"><v>${value}</v></c>`
    else if (columns[at]?.type === 'instant')
      cells += `<c r="${letter}${row}" s="${INSTANT_STYLE}"><v>${serialDate(value)}</v></c>`
    else cells += textCell(letter, row, value)
  }
  return `<row r="${row}">${cells}</row>`
}

function textCell(letter: string, row: number, text: string, style?: number): string {
  if (text.length > CELL_CHARACTERS) throw new RangeError(`cell ${letter}${row}: ${text.length} characters`)
  const styled = style === undefined ? '' : ` s="${style}"`
  return `<c r="${letter}${row}"${styled} t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`
}

/** Days since 1899-12-30 with their fraction: the 1900 date system as every reader of it understands it. */
function serialDate(instant: string): number {
  const milliseconds = Date.parse(instant)
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant: ${instant}`)
  return milliseconds / 86_400_000 + 25_569
}

function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}

const sheetName = (name: string): string => name.slice(0, 25)

function aboutSheet(table: Table, kind: StudyKind): string {
  const { en, zh } = KIND_TEXT[kind]
  const lines = [
    ['study_kind', kind, en, zh],
    ['table', table.name, table.label.en, table.label.zh],
    ['column', 'unit', 'label_en', 'label_zh'],
    ...table.columns.map(({ name, unit, label }) => [name, unit ?? '', label.en, label.zh]),
  ]
  const rows = lines.map((line, index) => {
    const cells = line.map((text, at) => textCell(columnLetters(at), index + 1, text)).join('')
    return `<row r="${index + 1}">${cells}</row>`
  })
  return `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetData>${rows.join('')}</sheetData></worksheet>`
}

function parts(sheets: readonly string[]): [string, string][] {
  const numbered = sheets.map((name, index) => ({ name, id: index + 1 }))
  const overrides = numbered
    .map(({ id }) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${DOCUMENT}.worksheet+xml"/>`)
    .join('')
  const entries = numbered
    .map(({ name, id }) => `<sheet name="${xml(name)}" sheetId="${id}" r:id="rId${id}"/>`)
    .join('')
  const links = numbered
    .map(({ id }) => `<Relationship Id="rId${id}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${id}.xml"/>`)
    .join('')
  const styles = numbered.length + 1
  return [
    [
      'xl/styles.xml',
      `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
    [
      'xl/workbook.xml',
      `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${entries}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${links}<Relationship Id="rId${styles}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '_rels/.rels',
      `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${DOCUMENT}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${DOCUMENT}.styles+xml"/>${overrides}</Types>`,
    ],
  ]
}
