import type { EvaluationMetric } from '@facetgrade/evaluation/evaluation-row'
import type { Result } from '@facetgrade/evaluation/result'
import * as Plot from '@observablehq/plot'
import { shortened } from '../drawing/text-width.ts'
import type { Words } from '../words/language.ts'
import { resultText, shownInterval } from '../words/result-text.ts'
import { axisLabel } from './axis-label.ts'
import type { SeriesStyle } from './style.ts'
import { FAINT, INK, MUTED, plotBase } from './style.ts'

export type ForestLine =
  | { readonly kind: 'heading'; readonly label: string; readonly note?: string }
  | {
      readonly kind: 'result'
      readonly label: string
      readonly metric: EvaluationMetric
      readonly result: Result
      readonly style: SeriesStyle
      /** Right of the interval: n, p. */
      readonly more: readonly string[]
    }

type Drawn = { readonly line: ForestLine & { kind: 'result' }; readonly y: number; readonly estimate: number }

const ROW = 1.55
const LABEL_SHARE = 0.29

/** Rows of estimate and interval under one axis, labels at the left, numbers at the right, as a forest plot stands in print. */
export function forestPlot(
  lines: readonly ForestLine[],
  of: {
    readonly dom: Document
    readonly width: number
    readonly font: number
    readonly words: Words
    readonly isDifference: boolean
    readonly axis: string
    readonly headers: readonly string[]
    /** Vertical lines: 0 or the whole group solid, the margin dashed. */
    readonly guides: readonly { readonly at: number; readonly dash: boolean }[]
  },
): { element: Element; height: number } {
  const { font, width, words } = of
  const drawn = lines.flatMap((line, y): Drawn[] =>
    line.kind === 'result' && line.result.estimate !== null ? [{ line, y, estimate: line.result.estimate }] : [],
  )
  const intervals = drawn.flatMap(({ line, y }) => {
    const interval = shownInterval(line.metric, line.result, of.isDifference)
    return interval ? [{ line, y, ...interval }] : []
  })
  const numbers = lines.flatMap((line, y) => (line.kind === 'result' ? [{ y, line }] : []))
  const moreWidth = font * 5
  const moreCount = Math.max(0, ...numbers.map(({ line }) => line.more.length))
  const estimateWidth = font * 11
  const marginRight = estimateWidth + moreWidth * moreCount + font
  const marginLeft = Math.max(width * LABEL_SHARE, font * 9)
  const height = font * (lines.length * ROW + 5.6)
  const domain = range([
    ...drawn.map(({ estimate }) => estimate),
    ...intervals.flatMap(({ lower, upper }) => [lower, upper]),
    ...of.guides.map(({ at }) => at),
  ])
  const right = width - marginRight
  const column = (index: number): number =>
    right + font * 0.8 + (index === 0 ? 0 : estimateWidth + (index - 1) * moreWidth)
  const element = Plot.plot({
    ...plotBase(of.dom, { width, font }),
    height,
    marginLeft,
    marginRight,
    marginTop: font * 2.2,
    marginBottom: font * 3.4,
    x: { domain, label: null, ticks: 5, tickSize: font * 0.35, tickPadding: font * 0.3, tickFormat: tick, nice: true },
    y: { type: 'linear', domain: [lines.length - 0.5, -0.5], axis: null },
    symbol: { type: 'identity' },
    color: { type: 'identity' },
    marks: [
      ...of.guides.map(({ at, dash }) =>
        Plot.ruleX([at], {
          stroke: dash ? MUTED : FAINT,
          strokeWidth: 0.9,
          ...(dash ? { strokeDasharray: '3,2' } : {}),
        }),
      ),
      Plot.ruleY([lines.length - 0.5], { stroke: INK, strokeWidth: 0.6 }),
      Plot.link(intervals, {
        x1: 'lower',
        x2: 'upper',
        y1: 'y',
        y2: 'y',
        stroke: (one: Drawn) => one.line.style.color,
        strokeWidth: 1.1,
      }),
      Plot.dot(drawn, {
        x: 'estimate',
        y: 'y',
        symbol: (one: Drawn) => one.line.style.symbol,
        fill: (one: Drawn) => one.line.style.color,
        r: font * 0.38,
        title: ({ line }: Drawn) => `${line.label}: ${text(words, line, of.isDifference)}`,
      }),
      ...lines.map((line, y) =>
        Plot.text([line.label], {
          text: [shortened(line.label, marginLeft - font * (line.kind === 'heading' ? 0 : 1.2), font)],
          y: [y],
          frameAnchor: 'left',
          textAnchor: 'start',
          dx: -marginLeft + (line.kind === 'heading' ? 0 : font * 1),
          fontSize: font,
          fontWeight: line.kind === 'heading' ? 700 : 400,
        }),
      ),
      ...lines.flatMap((line, y) =>
        line.kind === 'heading'
          ? line.note === undefined
            ? []
            : [at(line.note, { x: column(0) - right, y, font, fill: MUTED })]
          : [
              at(text(words, line, of.isDifference), {
                x: column(0) - right,
                y,
                font,
                ...(line.result.estimate === null ? { fill: MUTED } : {}),
              }),
              ...line.more.map((value, i) => at(value, { x: column(i + 1) - right, y, font })),
            ],
      ),
      ...of.headers.map((header, i) => at(header, { x: column(i) - right, y: -1.1, font, fontWeight: 700 })),
      axisLabel(of.axis, { frameAnchor: 'bottom', dy: font * 2.8 }),
    ],
  })
  return { element, height }
}

function at(
  value: string,
  { x, y, font, ...style }: { x: number; y: number; font: number; fill?: string; fontWeight?: number },
): Plot.Text {
  return Plot.text([value], {
    text: [value],
    y: [y],
    frameAnchor: 'right',
    textAnchor: 'start',
    dx: x,
    fontSize: font,
    ...style,
  })
}

/** `0.021 (−0.014, 0.056)`; of an undefined one the reason, shortened to its place by the caller's column. */
function text(words: Words, { metric, result }: ForestLine & { kind: 'result' }, difference: boolean): string {
  const { estimate, interval, notes } = resultText(words, metric, result, difference)
  if (result.estimate === null) return `${estimate}: ${notes[0] ?? ''}`
  return interval === '' ? estimate : `${estimate} ${interval}`
}

function range(values: readonly number[]): [number, number] {
  if (values.length === 0) return [-1, 1]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const pad = Math.max((most - least) * 0.06, 0.005)
  return [least - pad, most + pad]
}

const tick = (value: number): string => String(Math.round(value * 1000) / 1000).replace('-', '\u2212')
