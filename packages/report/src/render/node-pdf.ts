import { createRequire } from 'node:module'
import type { Content, ContentTable, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces'
import { drawnFigure } from '../drawing/node-drawing.ts'
import { fontPath } from '../drawing/node-fonts.ts'
import { type DrawingSize, type Figure, PRINT_SIZE } from '../figures/figure.ts'
import { type Block, type Cell, cellText, type ReportTable } from '../sections/block.ts'
import { numbered } from '../sections/report-blocks.ts'
import type { ReportSource } from '../sections/report-source.ts'

type PdfDocument = {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
  on(event: 'end', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  end(): void
}
type Fonts = Readonly<Record<string, { normal: string; bold: string }>>
type Printer = new (
  fonts: Fonts,
  files: object,
  urls: object,
  mayRead: (path: string) => boolean,
) => { createPdfKitDocument(definition: TDocumentDefinitions): Promise<PdfDocument> }

/** The package's types know its browser half alone; this is the half that runs here. */
const load = createRequire(import.meta.url)
const { default: Printer } = load('pdfmake/js/Printer.js') as { default: Printer }
const { default: UrlResolver } = load('pdfmake/js/URLResolver.js') as { default: new (files: object) => object }
const { default: files } = load('pdfmake/js/virtual-fs.js') as { default: object }

const PAGE_WIDTH = 595.28
const MARGIN = 42
const TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
const RULE = '#1a1a1a'

/** The report as PDF with its font inside, made without a browser. The same evaluation gives the same bytes. */
export function reportPdf(source: ReportSource, blocks: readonly Block[]): Promise<Buffer> {
  const { say, labels, context, protocol } = source
  const { language } = labels
  const numbers = numbered(blocks)
  const title = protocol.title[language]
  return written({
    pageSize: 'A4',
    pageMargins: [MARGIN, 50, MARGIN, 50],
    language: language === 'en' ? 'en' : 'zh-CN',
    info: metadata(`${say.title}: ${context.studyCode}`, context.createdAt),
    defaultStyle: { font: 'Noto', fontSize: 9.5, lineHeight: 1.25, color: RULE },
    header: () => ({
      text: source.warning[0] ?? '',
      alignment: 'center',
      fontSize: 8,
      bold: true,
      color: '#b45309',
      margin: [0, 24, 0, 0],
    }),
    footer: (page, pages) => ({
      columns: [
        {
          text: `${say.title}, ${context.studyCode}, ${context.resultHash.slice(0, 16)}`,
          fontSize: 7.5,
          color: '#595959',
        },
        { text: say.page(page, pages), alignment: 'right', fontSize: 7.5, color: '#595959' },
      ],
      margin: [MARGIN, 14, MARGIN, 0],
    }),
    content: [
      { text: title, fontSize: 19, bold: true, lineHeight: 1.15 },
      { text: `${say.title}. ${say.subtitle(context.studyCode)}`, color: '#595959', margin: [0, 4, 0, 14] },
      ...blocks.map((block) => content(source, block, numbers.get(block))),
    ],
  })
}

/** One figure alone, the page as large as the figure: what a journal's system takes. */
export function figurePdf(figure: Figure, size: DrawingSize, createdAt: string): Promise<Buffer> {
  const svg = drawnFigure(figure, size)
  const height = Number(/viewBox="0 0 [\d.]+ ([\d.]+)"/.exec(svg)?.[1] ?? size.width)
  return written({
    pageSize: { width: size.width, height },
    pageMargins: 0,
    info: metadata(figure.title, createdAt),
    defaultStyle: { font: 'Noto' },
    content: [{ svg, width: size.width }],
  })
}

const metadata = (title: string, createdAt: string): NonNullable<TDocumentDefinitions['info']> => ({
  title,
  creator: 'FacetGrade',
  producer: 'FacetGrade',
  // The evaluation's own time, not the clock: two downloads of one report are the same file.
  creationDate: new Date(createdAt),
  modDate: new Date(createdAt),
})

async function written(definition: TDocumentDefinitions): Promise<Buffer> {
  const fonts = {
    Noto: { normal: fontPath('normal'), bold: fontPath('bold') },
    'Noto Sans SC': { normal: fontPath('normal'), bold: fontPath('bold') },
  }
  const document = await new Printer(fonts, files, new UrlResolver(files), () => true).createPdfKitDocument(definition)
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', () => resolve(Buffer.concat(chunks)))
    document.on('error', reject)
    document.end()
  })
}

function content(source: ReportSource, block: Block, number: number | undefined): Content {
  const { say } = source
  switch (block.kind) {
    case 'heading': {
      const [fontSize, top] = (
        [
          [14, 18],
          [11.5, 13],
          [10, 10],
        ] as const
      )[block.level - 1] ?? [10, 10]
      return {
        text: block.text,
        id: block.id,
        fontSize,
        bold: true,
        margin: [0, top, 0, 5],
        headlineLevel: block.level,
      }
    }
    case 'paragraph':
      return { text: block.text, margin: [0, 0, 0, 6] }
    case 'warning':
      return {
        table: { widths: ['*'], body: [[{ text: block.text, bold: true, margin: [4, 3, 4, 3] }]] },
        layout: { hLineColor: () => '#b45309', vLineColor: () => '#b45309', fillColor: () => '#fff7ed' },
        margin: [0, 0, 0, 5],
      }
    case 'list':
      return { ul: [...block.items], margin: [0, 0, 0, 8] }
    case 'facts':
      return {
        table: {
          widths: [110, '*'],
          body: block.items.map(([name, value]): TableCell[] => [{ text: name, color: '#595959' }, { text: value }]),
        },
        layout: 'noBorders',
        fontSize: 8.5,
      }
    case 'table':
      return {
        stack: [
          pdfTable(block, say.tableLabel(number ?? 0)),
          ...block.notes.map((note): Content => ({ text: note, fontSize: 7, color: '#404040' })),
        ],
        margin: [0, 6, 0, 10],
      }
    case 'figure': {
      const { figure } = block
      const size = PRINT_SIZE[figure.span]
      return {
        stack: [
          { svg: drawnFigure(figure, size), width: size.width },
          {
            text: [{ text: `${say.figureLabel(number ?? 0)} ${figure.title}. `, bold: true }, figure.caption],
            fontSize: 8,
            margin: [0, 4, 0, 0],
          },
        ],
        unbreakable: true,
        margin: [0, 8, 0, 12],
      }
    }
  }
}

function pdfTable(table: ReportTable, label: string): ContentTable {
  const shares = table.columns.map(({ share }) => share ?? 1)
  const sum = shares.reduce((total, share) => total + share, 0)
  const padding = 6
  const head = table.columns.map(
    ({ header, isNumeric }): TableCell => ({ text: header, bold: true, alignment: isNumeric ? 'right' : 'left' }),
  )
  const across = (text: string): TableCell[] => [
    { text, bold: true, colSpan: table.columns.length, margin: [0, 3, 0, 0] },
    ...table.columns.slice(1).map((): TableCell => ({ text: '' })),
  ]
  return {
    fontSize: 7.2,
    lineHeight: 1.15,
    table: {
      headerRows: 2,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: shares.map((share) => (TEXT_WIDTH * share) / sum - padding),
      body: [
        across(`${label} ${table.caption}`),
        head,
        ...table.rows.map((row): TableCell[] => {
          const [first] = row
          return row.length === 1 && first !== undefined
            ? across(cellText(first))
            : row.map((cell, i) => pdfCell(cell, table.columns[i]?.isNumeric === true))
        }),
      ],
    },
    layout: {
      hLineWidth: (i, node) => (i === 1 || i === 2 || i === node.table.body.length ? 0.75 : i === 0 ? 0 : 0.25),
      vLineWidth: () => 0,
      hLineColor: (i, node) => (i === 1 || i === 2 || i === node.table.body.length ? RULE : '#d4d4d4'),
      paddingLeft: () => padding / 2,
      paddingRight: () => padding / 2,
      paddingTop: () => 1.6,
      paddingBottom: () => 1.2,
    },
  }
}

function pdfCell(cell: Cell, isNumeric: boolean): TableCell {
  const alignment = isNumeric ? 'right' : 'left'
  if (typeof cell === 'string') return { text: cell, alignment }
  return {
    text: cell.text,
    alignment,
    bold: cell.isBold ?? false,
    ...(cell.to === undefined ? {} : { linkToDestination: cell.to, color: '#0b4a7a' }),
  }
}
