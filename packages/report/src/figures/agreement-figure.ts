import type { EvaluationMetric, EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import { compareLevels, type Level, parseJointId, SIDES } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import * as Plot from '@observablehq/plot'
import { drawing, type Panel } from '../drawing/svg.ts'
import { decimal } from '../words/format-number.ts'
import { resultText } from '../words/result-text.ts'
import { idPart } from './confusion-figure.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, unitLine } from './figure-source.ts'
import { PAPER, plotBase, shade, shadeInk } from './style.ts'

type Cell = { readonly level: Level; readonly side: 'left' | 'right'; readonly row: EvaluationRow }

/** Agreement of two readers at every joint: level down, side across (the patient's right at the left, as images hang). */
export function agreementFigure(
  source: FigureSource,
  modality: Modality,
  pair: string,
  metric: EvaluationMetric = 'weighted_kappa',
): Figure {
  const { labels, document } = source
  const { words } = labels
  const rows = document.rows.filter(
    (row) =>
      row.analysis === 'agreement_pair' &&
      row.comparator === pair &&
      row.modality === modality &&
      row.metric === metric &&
      row.subgroup?.by === 'joint' &&
      row.subgroup.value !== null,
  )
  const cells = rows.map((row): Cell => ({ ...parseJointId(row.subgroup?.value ?? ''), row }))
  const features = [...Map.groupBy(cells, (cell) => cell.row.feature)]
  const title = `${words.figure.agreement.title(words.metric[metric], labels.modality(modality))}: ${labels.rater(pair)}`
  const unit = unitLine(
    source,
    rows.map((row) => row.result),
  )
  const textOf = (row: EvaluationRow) => resultText(words, metric, row.result)
  const featureName = (row: EvaluationRow): string => (row.feature === null ? '' : labels.feature(row.feature))
  const description = features
    .map(([, group]) => {
      const [first] = group
      return first
        ? `${featureName(first.row)}: ${words.list(group.map((cell) => `${labels.level(cell.level)} ${labels.side(cell.side)} ${textOf(cell.row).estimate}`))}${words.stop}`
        : ''
    })
    .join(' ')
  return {
    id: `agreement-${modality}-${idPart(pair)}`,
    kind: 'agreement',
    title,
    caption: words.sentence([words.figure.agreement.caption, `${unit}${words.stop}`]),
    description: rows.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.feature, isNumeric: false },
        { header: words.column.level, isNumeric: false },
        { header: words.column.side, isNumeric: false },
        { header: words.metric[metric], isNumeric: true },
        { header: words.column.interval, isNumeric: true },
        { header: words.column.n, isNumeric: true },
        { header: words.column.patients, isNumeric: true },
        { header: words.column.note, isNumeric: false },
      ],
      rows: cells.map(({ level, side, row }) => {
        const text = textOf(row)
        return [
          featureName(row),
          labels.level(level),
          labels.side(side),
          text.estimate,
          text.interval,
          text.n,
          text.patients,
          words.list(text.notes),
        ]
      }),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 3,
        footer: [unit, ...source.warning],
        panels: features.map(
          ([, group]): Panel => ({
            title: group[0] ? featureName(group[0].row) : '',
            draw: (width) => {
              const height = size.font * (new Set(group.map((cell) => cell.level)).size * 1.9 + 2.4)
              return { element: heatMap(group, { source, dom, width, height, font: size.font, metric }), height }
            },
          }),
        ),
      }),
  }
}

function heatMap(
  cells: readonly Cell[],
  of: { source: FigureSource; dom: Document; width: number; height: number; font: number; metric: EvaluationMetric },
): Element {
  const { labels } = of.source
  const { font } = of
  const levels = [...new Set(cells.map((cell) => cell.level))].sort(compareLevels)
  const value = (cell: Cell): number => Math.max(0, cell.row.result.estimate ?? 0)
  return Plot.plot({
    ...plotBase(of.dom, { width: of.width, font }),
    height: of.height,
    marginLeft: font * 4,
    marginTop: font * 1.7,
    marginRight: font * 0.4,
    marginBottom: font * 0.4,
    x: {
      domain: SIDES.toReversed(),
      axis: 'top',
      tickFormat: (side: Cell['side']) => labels.side(side),
      label: null,
      tickSize: 0,
      tickPadding: font * 0.5,
      padding: 0,
    },
    y: {
      domain: levels,
      tickFormat: (level: Level) => labels.level(level),
      label: null,
      tickSize: 0,
      tickPadding: font * 0.5,
      padding: 0,
    },
    color: { type: 'identity' },
    marks: [
      Plot.cell(cells, {
        x: 'side',
        y: 'level',
        fill: (cell: Cell) => (cell.row.result.estimate === null ? PAPER : shade(value(cell))),
        stroke: PAPER,
        strokeWidth: 1,
        title: (cell: Cell) => {
          const text = resultText(labels.words, of.metric, cell.row.result)
          return `${labels.level(cell.level)} ${labels.side(cell.side)}: ${text.estimate} ${text.interval}, n = ${text.n}`
        },
      }),
      Plot.text(cells, {
        x: 'side',
        y: 'level',
        text: (cell: Cell) => (cell.row.result.estimate === null ? '–' : decimal(cell.row.result.estimate, 2)),
        fill: (cell: Cell) => shadeInk(cell.row.result.estimate === null ? 0 : value(cell)),
        fontSize: font,
      }),
    ],
  })
}
