import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  InternalHyperlink,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableOfContents,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { drawnFigure } from '../drawing/node-drawing.ts'
import { type Glyphs, glyphsOf, pngOf } from '../drawing/node-picture.ts'
import { PRINT_SIZE } from '../figures/figure.ts'
import { type Block, type Cell, cellText, type ReportTable } from '../sections/block.ts'
import { numbered } from '../sections/report-blocks.ts'
import type { ReportSource } from '../sections/report-source.ts'

/** Of the picture for programs that do not know the drawing. */
const DOTS_PER_INCH = 150
/** A4 less its margins, in twentieths of a point. */
const TEXT_WIDTH = 9638
const HEADINGS = [HeadingLevel.HEADING_1, HeadingLevel.HEADING_2, HeadingLevel.HEADING_3] as const
/** A picture's size in Word counts 96 to the inch; a drawing's 72. */
const PIXELS_PER_POINT = 96 / 72

/** The report for Word: headings, tables and notes as text, figures as vectors with a picture for older programs. */
export async function reportDocx(source: ReportSource, blocks: readonly Block[]): Promise<Uint8Array> {
  const { say, labels, context, protocol } = source
  const { language } = labels
  const numbers = numbered(blocks)
  const children: (Paragraph | Table | TableOfContents)[] = [
    new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(protocol.title[language])] }),
    new Paragraph({
      children: [new TextRun({ text: `${say.title}. ${say.subtitle(context.studyCode)}`, color: '595959' })],
    }),
    new TableOfContents(say.contents, { hyperlink: true, headingStyleRange: '1-2' }),
  ]
  const drawings = new Map<Block, string>(
    blocks.flatMap((block): [Block, string][] =>
      block.kind === 'figure' ? [[block, drawnFigure(block.figure, PRINT_SIZE[block.figure.span])]] : [],
    ),
  )
  const glyphs = await glyphsOf([...drawings.values()])
  for (const block of blocks) {
    const of = { number: numbers.get(block) ?? 0, svg: drawings.get(block) ?? '', glyphs }
    children.push(...(await content(source, block, of)))
  }
  const font = { ascii: 'Noto Sans', hAnsi: 'Noto Sans', eastAsia: 'Noto Sans SC', cs: 'Noto Sans' }
  const document = new Document({
    title: `${say.title}: ${context.studyCode}`,
    creator: 'FacetGrade',
    lastModifiedBy: 'FacetGrade',
    description: context.resultHash,
    features: { updateFields: false },
    styles: {
      default: {
        document: {
          run: { font, size: 20, language: { value: 'en-GB', eastAsia: 'zh-CN' } },
          paragraph: { spacing: { after: 100 } },
        },
      },
    },
    sections: [
      {
        properties: {
          page: { size: { width: 11906, height: 16838 }, margin: { top: 1134, bottom: 1134, left: 1134, right: 1134 } },
        },
        headers: {
          default: new Header({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [new TextRun({ text: source.warning[0] ?? '', bold: true, size: 16, color: 'B45309' })],
              }),
            ],
          }),
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                children: [
                  new TextRun({
                    text: `${say.title}, ${context.studyCode}, ${context.resultHash.slice(0, 16)}  `,
                    size: 15,
                    color: '595959',
                  }),
                  new TextRun({
                    children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES],
                    size: 15,
                    color: '595959',
                  }),
                ],
              }),
            ],
          }),
        },
        children,
      },
    ],
  })
  return settled(await Packer.toBuffer(document), context.createdAt)
}

/** The bookmark of a part; Word allows letters, digits and underscores. */
const bookmark = (id: string): string => id.replaceAll(/[^A-Za-z0-9]/g, '_')

async function content(
  source: ReportSource,
  block: Block,
  { number, svg, glyphs }: { number: number; svg: string; glyphs: Glyphs },
): Promise<(Paragraph | Table)[]> {
  const { say } = source
  switch (block.kind) {
    case 'heading':
      return [
        new Paragraph({
          heading: HEADINGS[block.level - 1] ?? HeadingLevel.HEADING_3,
          children: [new Bookmark({ id: bookmark(block.id), children: [new TextRun(block.text)] })],
        }),
      ]
    case 'paragraph':
      return [new Paragraph({ children: runs(block.text) })]
    case 'warning':
      return [
        new Paragraph({
          shading: { type: ShadingType.CLEAR, fill: 'FFF7ED' },
          border: { left: { style: BorderStyle.SINGLE, size: 24, color: 'B45309', space: 6 } },
          children: [new TextRun({ text: block.text, bold: true })],
        }),
      ]
    case 'list':
      return block.items.map((item) => new Paragraph({ bullet: { level: 0 }, children: runs(item) }))
    case 'facts':
      return [
        wordTable(
          block.items.map(([name, value]) => [name, value]),
          [false, false],
          [1, 3],
        ),
      ]
    case 'table':
      return [
        new Paragraph({
          keepNext: true,
          spacing: { before: 200 },
          children: [new TextRun({ text: `${say.tableLabel(number)} ${block.caption}`, bold: true, size: 18 })],
        }),
        resultTable(block),
        ...block.notes.map(
          (note) =>
            new Paragraph({
              spacing: { after: 20 },
              children: [new TextRun({ text: note, size: 15, color: '404040' })],
            }),
        ),
      ]
    case 'figure': {
      const { figure } = block
      const size = PRINT_SIZE[figure.span]
      const { png, width, height } = await pngOf(svg, glyphs, DOTS_PER_INCH)
      const points = size.width * PIXELS_PER_POINT
      return [
        new Paragraph({
          keepNext: true,
          spacing: { before: 200 },
          children: [
            new ImageRun({
              type: 'svg',
              data: Buffer.from(svg),
              transformation: { width: points, height: (points * height) / width },
              fallback: { type: 'png', data: Buffer.from(png) },
              altText: { name: figure.id, title: figure.title, description: figure.description },
            }),
          ],
        }),
        new Paragraph({
          children: [
            new TextRun({ text: `${say.figureLabel(number)} ${figure.title}. `, bold: true, size: 17 }),
            new TextRun({ text: figure.caption, size: 17 }),
          ],
        }),
      ]
    }
  }
}

const runs = (text: string, options: { size?: number; bold?: boolean } = {}): TextRun[] =>
  text.split('\n').map((line, i) => new TextRun({ text: line, ...options, ...(i > 0 ? { break: 1 } : {}) }))

function resultTable(table: ReportTable): Table {
  return wordTable(
    table.rows,
    table.columns.map(({ isNumeric }) => isNumeric),
    table.columns.map(({ share }) => share ?? 1),
    table.columns.map(({ header }) => header),
  )
}

function wordTable(
  rows: readonly (readonly Cell[])[],
  isNumeric: readonly boolean[],
  shares: readonly number[],
  headers?: readonly string[],
): Table {
  const sum = shares.reduce((total, share) => total + share, 0)
  const widths = shares.map((share) => Math.floor((TEXT_WIDTH * share) / sum))
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
  const cell = (value: Cell, i: number, options: { bold?: boolean; span?: number } = {}): TableCell =>
    new TableCell({
      width: { size: options.span === undefined ? (widths[i] ?? 0) : TEXT_WIDTH, type: WidthType.DXA },
      ...(options.span === undefined ? {} : { columnSpan: options.span }),
      margins: { top: 20, bottom: 20, left: 60, right: 60 },
      children: [
        new Paragraph({
          spacing: { after: 0 },
          alignment: isNumeric[i] && options.span === undefined ? AlignmentType.RIGHT : AlignmentType.LEFT,
          children: linkedRuns(value, options.bold ?? false),
        }),
      ],
    })
  return new Table({
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    columnWidths: widths,
    borders: {
      top: { style: BorderStyle.SINGLE, size: 6, color: '1A1A1A' },
      bottom: { style: BorderStyle.SINGLE, size: 6, color: '1A1A1A' },
      left: none,
      right: none,
      insideVertical: none,
      insideHorizontal: { style: BorderStyle.SINGLE, size: 2, color: 'D4D4D4' },
    },
    rows: [
      ...(headers === undefined
        ? []
        : [
            new TableRow({
              tableHeader: true,
              cantSplit: true,
              children: headers.map((header, i) => cell(header, i, { bold: true })),
            }),
          ]),
      ...rows.map((row) => {
        const [first] = row
        return new TableRow({
          cantSplit: true,
          children:
            row.length === 1 && first !== undefined
              ? [cell(cellText(first), 0, { bold: true, span: shares.length })]
              : row.map((value, i) => cell(value, i)),
        })
      }),
    ],
  })
}

function linkedRuns(cell: Cell, bold: boolean): (TextRun | InternalHyperlink)[] {
  if (typeof cell === 'string') return runs(cell, { size: 15, bold })
  const own = runs(cell.text, { size: 15, bold: cell.isBold ?? bold })
  return cell.to === undefined ? own : [new InternalHyperlink({ anchor: bookmark(cell.to), children: own })]
}

/**
 * The same evaluation gives the same bytes: the library draws ids, counts others through the life of the process, and writes
 * the clock. Here all ids follow their first appearance, and the time is the evaluation's own.
 */
function settled(docx: Uint8Array, createdAt: string): Uint8Array {
  const files = unzipSync(docx)
  const names = Object.keys(files).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const relation = ordered('rIdX')
  const heading = ordered('_TocX')
  const bookmarkId = ordered('')
  const drawing = ordered('')
  const stamp = `${createdAt.slice(0, 19)}Z`
  const mtime = new Date('2000-01-01T00:00:00')
  const entries = names.map((name): [string, [Uint8Array, { mtime: Date }]] => {
    const file = files[name] ?? new Uint8Array()
    if (!/\.(xml|rels)$/.test(name)) return [name, [file, { mtime }]]
    const text = strFromU8(file)
      .replaceAll(/rId[A-Za-z0-9_-]{12,}/g, relation)
      .replaceAll(/_Toc\d+/g, heading)
      .replaceAll(/<w:bookmark(?:Start|End)[^>]*>/g, (tag) =>
        tag.replace(/w:id="([^"]*)"/, (_, id: string) => `w:id="${bookmarkId(id)}"`),
      )
      .replaceAll(/<(?:wp:docPr|pic:cNvPr) [^>]*>/g, (tag) =>
        tag.replace(/ id="([^"]*)"/, (_, id: string) => ` id="${drawing(id)}"`),
      )
      .replaceAll(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/g, `$1${stamp}`)
    return [name, [strToU8(text), { mtime }]]
  })
  return zipSync(Object.fromEntries(entries), { level: 6 })
}

/** Gives each id the number of its first appearance. */
function ordered(prefix: string): (id: string) => string {
  const ids = new Map<string, string>()
  return (id) => {
    const known = ids.get(id) ?? `${prefix}${ids.size + 1}`
    ids.set(id, known)
    return known
  }
}

const rank = (name: string): number => (name === '[Content_Types].xml' ? 0 : name === 'word/document.xml' ? 1 : 2)
