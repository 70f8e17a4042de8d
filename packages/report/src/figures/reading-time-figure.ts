import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { EvaluationMetric } from '@facetgrade/evaluation/evaluation-row'
import type { Modality } from '@facetgrade/grading/modality'
import * as Plot from '@observablehq/plot'
import { drawing } from '../drawing/svg.ts'
import { textWidth } from '../drawing/text-width.ts'
import { count } from '../words/format-number.ts'
import { estimateText } from '../words/result-text.ts'
import { axisLabel } from './axis-label.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, primaryRows, unitLine } from './figure-source.ts'
import { INK, MUTED, PAPER, plotBase } from './style.ts'

type Times = EvaluationDocument['readingTimes'][number]
const ONE_TWO_FIVE = [1, 10, 100, 1000, 10_000].flatMap((power) => [power, 2 * power, 5 * power])
const QUARTILES = ['seconds_lower_quartile', 'seconds_median', 'seconds_upper_quartile'] as const

/** Seconds a case by reader: the quartiles of the table as a box, every case as a line. */
export function readingTimeFigure(source: FigureSource, modality: Modality): Figure {
  const { labels, document } = source
  const { words } = labels
  const times = document.readingTimes.filter((one) => one.modality === modality && one.cases.length > 0)
  const rows = primaryRows(source, 'reading_time').filter((row) => row.modality === modality)
  const resultOf = (one: Times, metric: EvaluationMetric) =>
    rows.find(
      (row) =>
        row.metric === metric &&
        row.comparator ===
          codeOf(
            one,
            rows.map((row) => row.comparator),
          ),
    )?.result
  const nameOf = (one: Times): string =>
    labels.rater(
      codeOf(
        one,
        rows.map((row) => row.comparator),
      ),
    )
  const title = words.figure.readingTime.title(labels.modality(modality))
  const unit = unitLine(
    source,
    rows.filter((row) => row.metric === 'seconds_median').map((row) => row.result),
  )
  const textOf = (one: Times, metric: EvaluationMetric): string => {
    const result = resultOf(one, metric)
    return result ? estimateText(words, metric, result) : words.notDefined
  }
  const description = times
    .map(
      (one) =>
        `${nameOf(one)}: ${QUARTILES.map((metric) => `${words.metric[metric]} ${textOf(one, metric)}`).join(', ')}`,
    )
    .join('; ')
  return {
    id: `reading-time-${modality}`,
    kind: 'reading-time',
    title,
    caption: words.sentence([words.figure.readingTime.caption, `${unit}${words.stop}`]),
    description: times.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.reader, isNumeric: false },
        ...[...QUARTILES, 'seconds_trend' as const].map((metric) => ({
          header: words.metric[metric],
          isNumeric: true,
        })),
        { header: words.column.cases, isNumeric: true },
      ],
      rows: times.map((one) => [
        nameOf(one),
        ...[...QUARTILES, 'seconds_trend' as const].map((metric) => textOf(one, metric)),
        count(one.cases.length),
      ]),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 1,
        footer: [unit, ...source.warning],
        panels: [
          {
            title: '',
            draw: (width) => {
              const height = size.font * (times.length * 3 + 4)
              const boxes = times.map((one) => ({
                name: nameOf(one),
                quartiles: QUARTILES.map((metric) => resultOf(one, metric)?.estimate ?? null),
                times: one,
              }))
              return {
                element: plot(boxes, { dom, width, height, font: size.font, x: words.figure.readingTime.x }),
                height,
              }
            },
          },
        ],
      }),
  }
}

/** A reader in a later round has a row of that round where the evaluation made one. */
function codeOf({ reader, round }: Times, comparators: readonly string[]): string {
  const ofRound = `${reader}~${round}`
  return comparators.includes(ofRound) ? ofRound : reader
}

type Box = { readonly name: string; readonly quartiles: readonly (number | null)[]; readonly times: Times }

function plot(
  boxes: readonly Box[],
  { dom, width, height, font, x }: { dom: Document; width: number; height: number; font: number; x: string },
): Element {
  const cases = boxes.flatMap((box) =>
    box.times.cases.map((one) => ({ name: box.name, seconds: Math.max(one.seconds, 1) })),
  )
  const all = cases.map((one) => one.seconds)
  const domain: [number, number] = [Math.min(...all) / 1.1, Math.max(...all) * 1.1]
  const whole = boxes.flatMap(({ name, quartiles: [lower, median, upper] }) =>
    typeof lower !== 'number' || typeof median !== 'number' || typeof upper !== 'number'
      ? []
      : [{ name, lower, median, upper }],
  )
  return Plot.plot({
    ...plotBase(dom, { width, font }),
    height,
    marginLeft: font * Math.max(4, ...boxes.map((box) => textWidth(box.name, 1) + 1.4)),
    marginRight: font,
    marginTop: font * 0.5,
    marginBottom: font * 3.2,
    x: {
      type: 'log',
      domain,
      label: null,
      ticks: ONE_TWO_FIVE.filter((value) => value >= domain[0] && value <= domain[1]),
      tickFormat: count,
      tickSize: font * 0.35,
      tickPadding: font * 0.3,
    },
    y: { domain: boxes.map((box) => box.name), label: null, tickSize: 0, tickPadding: font * 0.5, padding: 0.25 },
    marks: [
      Plot.tickX(cases, { x: 'seconds', y: 'name', stroke: MUTED, strokeWidth: 0.4, strokeOpacity: 0.45 }),
      Plot.barX(whole, {
        x1: 'lower',
        x2: 'upper',
        y: 'name',
        fill: PAPER,
        fillOpacity: 0.75,
        stroke: INK,
        strokeWidth: 0.9,
        insetTop: font * 0.5,
        insetBottom: font * 0.5,
      }),
      Plot.tickX(whole, {
        x: 'median',
        y: 'name',
        stroke: INK,
        strokeWidth: 2,
        insetTop: font * 0.5,
        insetBottom: font * 0.5,
      }),
      axisLabel(x, { frameAnchor: 'bottom', dy: font * 2.7 }),
    ],
  })
}
