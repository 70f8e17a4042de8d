import type { TableOneRow } from '@facetgrade/evaluation/evaluation-document'
import { count, decimal, percent } from '../words/format-number.ts'
import type { Cell, ReportTable } from './block.ts'
import type { ReportSource } from './report-source.ts'

const LARGE = 0.1

/** Patients of each part beside each other, with standardised differences; one above 0.1 stands out. */
export function tableOne(source: ReportSource): ReportTable | undefined {
  const { document, labels, say } = source
  if (document.tableOne.length === 0) return undefined
  const parts = document.tableOne[0]?.parts.map(({ part }) => part) ?? []
  return {
    kind: 'table',
    id: 'table-one',
    caption: `${say.section.tableOne}. ${labels.words.perUnit.patient}${labels.words.stop}`,
    columns: [
      { header: say.table.characteristic, isNumeric: false, share: 1.6 },
      ...parts.map((part) => ({ header: labels.part(part), isNumeric: true, share: 1.5 })),
      { header: say.table.smd(labels.part('train'), labels.part('validation')), isNumeric: true },
      { header: say.table.smd(labels.part('train'), labels.part('test')), isNumeric: true },
    ],
    rows: document.tableOne.flatMap((row) => rowsOf(source, row)),
    notes: [say.table.smdNote],
  }
}

const smd = (value: number | null): Cell =>
  value === null
    ? '–'
    : Math.abs(value) > LARGE
      ? { text: decimal(Math.abs(value), 2), isBold: true }
      : decimal(Math.abs(value), 2)

function rowsOf({ labels, say, protocol }: ReportSource, row: TableOneRow): Cell[][] {
  const { words, language } = labels
  const column = protocol.clinicalColumns.find((one) => one.name === row.variable)
  const name = say.table.variable[row.variable] ?? column?.label[language] ?? row.variable
  const smds = [smd(row.smd.trainValidation), smd(row.smd.trainTest)]
  const missing = (n: number): string => (n === 0 ? '' : `\n${say.table.missing(count(n))}`)
  if (row.kind === 'number') {
    const unit = row.unit === null || name.includes(',') ? '' : `, ${row.unit}`
    return [
      [
        `${name}${unit}\n${say.table.meanSd}`,
        ...row.parts.map((part) => {
          if (part.mean === null || part.median === null) return `–${missing(part.missing)}`
          const quartiles =
            part.lowerQuartile === null || part.upperQuartile === null
              ? ''
              : ` (${decimal(part.lowerQuartile, 1)}, ${decimal(part.upperQuartile, 1)})`
          return `${decimal(part.mean, 1)} (${part.sd === null ? '–' : decimal(part.sd, 1)}); ${decimal(part.median, 1)}${quartiles}${missing(part.missing)}`
        }),
        ...smds,
      ],
    ]
  }
  const label = (value: string): string => {
    if (row.variable === 'sex') return words.sex[value] ?? value
    if (column?.type === 'code') return column.codes.find((one) => one.code === value)?.label[language] ?? value
    return value
  }
  return [
    [`${name}, ${say.table.countPercent}`, ...row.parts.map((part) => missing(part.missing).trim()), ...smds],
    ...row.values.map((value, i): Cell[] => [
      `\u2003${label(value)}`,
      ...row.parts.map((part) => {
        const n = part.counts[i] ?? 0
        return part.n === 0 ? count(n) : `${count(n)} (${percent(n / part.n)})`
      }),
      '',
      '',
    ]),
  ]
}
