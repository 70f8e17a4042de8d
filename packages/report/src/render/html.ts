import { drawnFigure } from '../drawing/node-drawing.ts'
import { type DrawingSize, type FigureTable, PRINT_SIZE } from '../figures/figure.ts'
import { type Block, type Cell, cellText, type ReportTable } from '../sections/block.ts'
import { numbered } from '../sections/report-blocks.ts'
import type { ReportSource } from '../sections/report-source.ts'

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const lines = (text: string): string => escape(text).replaceAll('\n', '<br>')

const STYLE = `
:root{color:#1a1a1a;background:#fff}
body{font:11pt/1.5 'Noto Sans SC','Noto Sans',sans-serif;max-width:190mm;margin:0 auto;padding:8mm}
h1{font-size:15pt;margin:1.8em 0 .5em;border-bottom:.75pt solid #1a1a1a;padding-bottom:.15em}
h2{font-size:12.5pt;margin:1.5em 0 .4em}h3{font-size:11pt;margin:1.2em 0 .3em}
.title{font-size:21pt;font-weight:700;line-height:1.25;margin:0}.subtitle{color:#595959;margin:.2em 0 1.5em}
.warning{border:1.5pt solid #b45309;background:#fff7ed;padding:.6em .9em;font-weight:700;margin:.5em 0}
nav ol{columns:2;padding-left:1.4em}a{color:#0b4a7a}
figure{margin:1.4em 0;break-inside:avoid}figure svg{display:block;max-width:100%;height:auto}
figcaption,caption{font-size:9.5pt;text-align:left;color:#1a1a1a;margin:.3em 0}
caption{caption-side:top;font-weight:700;padding:.3em 0}
.scroll{overflow-x:auto;margin:1em 0}
table{border-collapse:collapse;font-size:8.5pt;line-height:1.35;width:100%}
thead th{border-bottom:.75pt solid #1a1a1a;border-top:.75pt solid #1a1a1a;text-align:left;vertical-align:bottom;padding:.3em .5em}
td,tbody th{padding:.22em .5em;vertical-align:top;border-bottom:.4pt solid #d4d4d4;text-align:left;font-weight:400}
tbody th.across{font-weight:700;padding-top:.7em}
.n{text-align:right;font-variant-numeric:tabular-nums}
.notes{font-size:8pt;color:#404040;margin:.2em 0 1.2em;padding:0;list-style:none}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15em 1em;font-size:9.5pt}dt{color:#595959}dd{margin:0;overflow-wrap:anywhere}
details{font-size:9pt;margin:.4em 0}summary{cursor:pointer}
@media print{body{padding:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}details{display:none}a{color:inherit}}
@page{size:A4;margin:18mm 15mm}
`

/** One file that needs nothing else: text, tables, figures as vectors with their numbers below them. */
export function reportHtml(source: ReportSource, blocks: readonly Block[], fonts: string): string {
  const { say, labels, context, protocol } = source
  const { language } = labels
  const numbers = numbered(blocks)
  const contents = blocks.filter((block) => block.kind === 'heading' && block.level < 3)
  const main = blocks.map((block) => html(source, block, numbers.get(block))).join('\n')
  return `<!doctype html>
<html lang="${language === 'en' ? 'en' : 'zh-CN'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`${say.title}: ${context.studyCode}`)}</title>
<style>${fonts}${STYLE}</style></head>
<body>
<header><p class="title">${escape(protocol.title[language])}</p>
<p class="subtitle">${escape(`${say.title}. ${say.subtitle(context.studyCode)}`)}</p></header>
<nav aria-label="${escape(say.contents)}"><ol>${contents
    .filter((block) => block.kind === 'heading' && block.level === 1)
    .map((block) => (block.kind === 'heading' ? `<li><a href="#${block.id}">${escape(block.text)}</a></li>` : ''))
    .join('')}</ol></nav>
<main>
${main}
</main>
</body></html>
`
}

function html(source: ReportSource, block: Block, number: number | undefined): string {
  const { say } = source
  switch (block.kind) {
    case 'heading':
      return `<h${block.level} id="${block.id}">${escape(block.text)}</h${block.level}>`
    case 'paragraph':
      return `<p>${lines(block.text)}</p>`
    case 'warning':
      return `<p class="warning" role="note">${escape(block.text)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`
    case 'facts':
      return `<dl>${block.items.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`
    case 'table':
      return reportTable(block, say.tableLabel(number ?? 0))
    case 'figure': {
      const { figure } = block
      const size: DrawingSize = PRINT_SIZE[figure.span]
      const svg = drawnFigure(figure, size).replace(
        '<svg',
        `<svg style="width:${figure.span === 'page' ? '170mm' : '85mm'}"`,
      )
      return `<figure id="${figure.id}">${svg}<figcaption><strong>${escape(`${say.figureLabel(number ?? 0)} ${figure.title}.`)}</strong> ${escape(figure.caption)}</figcaption><details><summary>${escape(source.labels.words.figure.tableOf(figure.title))}</summary>${numbersTable(figure.table)}</details></figure>`
    }
  }
}

function reportTable(table: ReportTable, label: string): string {
  const head = table.columns
    .map(({ header, isNumeric }) => `<th scope="col"${isNumeric ? ' class="n"' : ''}>${lines(header)}</th>`)
    .join('')
  const body = table.rows
    .map((row) => {
      const [first] = row
      if (row.length === 1 && first !== undefined)
        return `<tr><th scope="rowgroup" class="across" colspan="${table.columns.length}">${lines(cellText(first))}</th></tr>`
      return `<tr>${row.map((cell, i) => htmlCell(cell, table.columns[i]?.isNumeric === true, i === 0)).join('')}</tr>`
    })
    .join('')
  const notes =
    table.notes.length === 0
      ? ''
      : `<ul class="notes">${table.notes.map((note) => `<li>${escape(note)}</li>`).join('')}</ul>`
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escape(table.caption)}"><table id="${table.id}"><caption>${escape(`${label} ${table.caption}`)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${notes}`
}

function htmlCell(cell: Cell, isNumeric: boolean, isFirst: boolean): string {
  const text = lines(cellText(cell))
  const linked = typeof cell !== 'string' && cell.to !== undefined ? `<a href="#${cell.to}">${text}</a>` : text
  const shown = typeof cell !== 'string' && cell.isBold ? `<strong>${linked}</strong>` : linked
  const tag = isFirst && !isNumeric ? 'th scope="row"' : 'td'
  return `<${tag}${isNumeric ? ' class="n"' : ''}>${shown}</${tag.slice(0, 2)}>`
}

const numbersTable = ({ columns, rows }: FigureTable): string =>
  `<table><thead><tr>${columns.map(({ header, isNumeric }) => `<th scope="col"${isNumeric ? ' class="n"' : ''}>${escape(header)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      (row) =>
        `<tr>${row.map((cell, i) => `<td${columns[i]?.isNumeric ? ' class="n"' : ''}>${escape(cell)}</td>`).join('')}</tr>`,
    )
    .join('')}</tbody></table>`
