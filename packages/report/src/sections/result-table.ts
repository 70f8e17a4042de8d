import type { EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import { levelText } from '../figures/figure-source.ts'
import { count, decimal } from '../words/format-number.ts'
import { isDifference, resultText } from '../words/result-text.ts'
import type { Cell, ReportTable } from './block.ts'
import type { ReportSource } from './report-source.ts'

const METRICS_A_TABLE = 5

type Label = { readonly header: string; readonly value: (row: EvaluationRow) => string; readonly share?: number }

/**
 * Rows of an analysis as tables that fit a page: a line per question, a column per metric, in each cell the estimate over
 * its interval. Why something is missing and what to know stands below as lettered notes, once each.
 */
export function resultTables(
  source: ReportSource,
  rows: readonly EvaluationRow[],
  of: {
    readonly id: string
    readonly caption: string
    readonly labels: readonly Label[]
    readonly heading?: (row: EvaluationRow) => string
    readonly withP?: boolean
  },
): ReportTable[] {
  const columns = [...Map.groupBy(rows, (row) => columnOf(source, row))].map(([header, of]) => ({
    header,
    order: of.length,
  }))
  const tables: ReportTable[] = []
  for (let from = 0; from < columns.length; from += METRICS_A_TABLE) {
    const shown = columns.slice(from, from + METRICS_A_TABLE).map(({ header }) => header)
    tables.push(
      table(
        source,
        rows.filter((row) => shown.includes(columnOf(source, row))),
        shown,
        {
          ...of,
          id: from === 0 ? of.id : `${of.id}-${from / METRICS_A_TABLE + 1}`,
        },
      ),
    )
  }
  return tables
}

/** A metric, told apart by score, cut, grade and rule where the rows have them. */
function columnOf({ labels: { words } }: ReportSource, row: EvaluationRow): string {
  const parts = [
    words.metric[row.metric],
    ...(row.score === null ||
    (row.metric !== 'auc' &&
      row.analysis !== 'discrimination' &&
      row.analysis !== 'model_vs_reader' &&
      row.analysis !== 'model_vs_panel')
      ? []
      : [words.score[row.score]]),
    ...(row.analysis === 'discrimination' || row.analysis === 'calibration'
      ? row.cutGrade === null
        ? []
        : [words.gradeAtLeast(row.cutGrade)]
      : []),
    ...(row.grade === null ? [] : [words.grade(row.grade)]),
  ]
  return parts.join(', ')
}

function table(
  source: ReportSource,
  rows: readonly EvaluationRow[],
  metrics: readonly string[],
  of: Parameters<typeof resultTables>[2],
): ReportTable {
  const { labels, say } = source
  const { words } = labels
  const notes = new Map<string, string>()
  const letter = (note: string): string => {
    const known = notes.get(note)
    if (known !== undefined) return known
    const next = letterAt(notes.size)
    notes.set(note, next)
    return next
  }
  const body: Cell[][] = []
  let heading: string | undefined
  for (const [, group] of Map.groupBy(rows, (row) =>
    [of.heading?.(row) ?? '', ...of.labels.map((label) => label.value(row))].join('\u0000'),
  )) {
    const [first] = group
    if (!first) continue
    const above = of.heading?.(first)
    if (above !== undefined && above !== heading) {
      heading = above
      body.push([{ text: above, isBold: true }])
    }
    // The line's own count is that of the metric that counts most units; another one says so in its cell.
    const widest = group.reduce((most, row) => (row.result.n > most.result.n ? row : most), first)
    body.push([
      ...of.labels.map((label) => label.value(first)),
      `${count(widest.result.n)}\n${count(widest.result.clusters)}`,
      count(widest.result.nMissing),
      ...metrics.map((metric): Cell => {
        const row = group.find((one) => columnOf(source, one) === metric)
        if (!row) return ''
        const text = resultText(words, row.metric, row.result, isDifference(row.analysis))
        const marks = text.notes.map(letter).join('')
        const p = of.withP && text.p !== '' ? `\np ${/^[<>]/.test(text.p) ? '' : '= '}${text.p}` : ''
        const own = row.result.n === widest.result.n ? '' : `\n${say.table.ofUnits(text.n, text.patients)}`
        const estimate = row.result.estimate === null ? '–' : text.estimate
        return `${estimate}${marks === '' ? '' : ` [${marks}]`}${text.interval === '' ? '' : `\n${text.interval}`}${p}${own}`
      }),
    ])
  }
  const methods = [...new Set(rows.map((row) => row.result.method))]
  const [first] = rows
  return {
    kind: 'table',
    id: of.id,
    caption: first ? `${of.caption}. ${words.perUnit[first.result.unit]}${words.stop}` : of.caption,
    columns: [
      ...of.labels.map((label) => ({ header: label.header, isNumeric: false, share: label.share ?? 1.3 })),
      { header: `${words.column.n}\n${words.column.patients}`, isNumeric: true, share: 0.75 },
      { header: words.column.missing, isNumeric: true, share: 0.75 },
      ...metrics.map((header) => ({ header, isNumeric: true, share: 1.35 })),
    ],
    rows: body,
    notes: [
      say.table.unitsNote(words.intervalLevel(levelText(source))),
      ...[...notes].map(([note, mark]) => `[${mark}] ${note}`),
      say.table.methodsNote(methods.join(', ')),
    ],
  }
}

function letterAt(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26))
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`
}

/** A share or difference as a margin is written. */
export const marginText = (margin: number): string => decimal(margin, 2)
