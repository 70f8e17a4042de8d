import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import * as Plot from '@observablehq/plot'
import { drawing, type Panel } from '../drawing/svg.ts'
import { count, decimal } from '../words/format-number.ts'
import { estimateText } from '../words/result-text.ts'
import { axisLabel } from './axis-label.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, primaryRows, unitLine } from './figure-source.ts'
import { FAINT, INK, plotBase } from './style.ts'

type Calibration = EvaluationDocument['calibration'][number]
type Bin = Calibration['bins'][number]
const MEASURES = ['calibration_slope', 'calibration_intercept', 'ece', 'brier'] as const

/** Predicted probability against the share that is positive, a panel per cut-off of the scale. */
export function calibrationFigure(source: FigureSource, modality: Modality, feature: CellFeature): Figure {
  const { labels, document } = source
  const { words } = labels
  const tables = document.calibration.filter(
    (one) => one.modality === modality && one.feature === feature && one.bins.length > 0,
  )
  const rows = primaryRows(source, 'calibration').filter((row) => row.modality === modality && row.feature === feature)
  const title = words.figure.calibration.title(labels.modality(modality), labels.feature(feature))
  const unit = unitLine(
    source,
    rows.map((row) => row.result),
  )
  const measures = ({ cutGrade, comparator }: Calibration): string[] =>
    MEASURES.flatMap((metric) => {
      const row = rows.find(
        (one) => one.metric === metric && one.cutGrade === cutGrade && one.comparator === comparator,
      )
      return row ? [`${words.metric[metric]} ${estimateText(words, metric, row.result)}`] : []
    })
  const description = tables
    .map(
      (one) =>
        `${words.figure.calibration.panel(one.cutGrade)}: ${words.list([...measures(one), ...one.bins.map((bin) => binText(bin))])}${words.stop}`,
    )
    .join(' ')
  return {
    id: `calibration-${modality}-${feature}`,
    kind: 'calibration',
    title,
    caption: words.sentence([
      words.figure.calibration.caption,
      ...tables.map((one) =>
        measures(one).length === 0
          ? ''
          : `${words.figure.calibration.panel(one.cutGrade)}: ${words.list(measures(one))}${words.stop}`,
      ),
      `${unit}${words.stop}`,
    ]),
    description: tables.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.cut, isNumeric: false },
        { header: words.column.bin, isNumeric: true },
        { header: words.column.n, isNumeric: true },
        { header: words.column.meanProbability, isNumeric: true },
        { header: words.column.shareOfPositives, isNumeric: true },
      ],
      rows: tables.flatMap((one) =>
        one.bins.map((bin) => [
          words.gradeAtLeast(one.cutGrade),
          `${decimal(bin.from, 1)}–${decimal(bin.to, 1)}`,
          count(bin.n),
          decimal(bin.meanProbability),
          decimal(bin.shareOfPositives),
        ]),
      ),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 3,
        footer: [unit, ...source.warning],
        panels: tables.map(
          (table): Panel => ({
            title: words.figure.calibration.panel(table.cutGrade),
            draw: (width) => ({
              element: plot(table, {
                dom,
                width,
                font: size.font,
                x: words.figure.calibration.x,
                y: words.figure.calibration.y,
              }),
              height: width,
            }),
          }),
        ),
      }),
  }
}

const binText = (bin: Bin): string =>
  `${decimal(bin.meanProbability)} → ${decimal(bin.shareOfPositives)} (n = ${count(bin.n)})`

function plot(
  { bins }: Calibration,
  { dom, width, font, x, y }: { dom: Document; width: number; font: number; x: string; y: string },
): Element {
  const axis = {
    domain: [0, 1],
    ticks: [0, 0.25, 0.5, 0.75, 1],
    tickFormat: String,
    label: null,
    tickSize: font * 0.35,
    tickPadding: font * 0.3,
  }
  return Plot.plot({
    ...plotBase(dom, { width, font }),
    height: width,
    marginLeft: font * 4,
    marginBottom: font * 3.2,
    marginTop: font * 0.6,
    marginRight: font * 0.9,
    x: axis,
    y: axis,
    r: { type: 'sqrt', domain: [0, Math.max(...bins.map((bin) => bin.n))], range: [0, font * 0.7] },
    marks: [
      Plot.frame({ stroke: FAINT, strokeWidth: 0.5 }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: FAINT, strokeWidth: 0.75, strokeDasharray: '2,2' },
      ),
      Plot.line(bins, { x: 'meanProbability', y: 'shareOfPositives', stroke: INK, strokeWidth: 0.75 }),
      Plot.dot(bins, {
        x: 'meanProbability',
        y: 'shareOfPositives',
        r: 'n',
        fill: INK,
        fillOpacity: 0.75,
        stroke: 'white',
        strokeWidth: 0.5,
        title: binText,
      }),
      axisLabel(x, { frameAnchor: 'bottom', dy: font * 2.7 }),
      axisLabel(y, { frameAnchor: 'left', dx: -font * 3.5, rotate: -90 }),
    ],
  })
}
