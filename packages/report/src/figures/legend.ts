import * as Plot from '@observablehq/plot'
import { type LegendEntry, placed, svgElement } from '../drawing/svg.ts'
import type { FigureSource } from './figure-source.ts'
import { INK } from './style.ts'

/** A symbol and a name per comparator, each once. */
export function legendOf(
  dom: Document,
  { labels, styles }: FigureSource,
  comparators: readonly string[],
): LegendEntry[] {
  return [...new Set(comparators)].map((code) => {
    const { color, symbol } = styles.get(code) ?? { color: INK, symbol: 'circle' as const }
    return {
      label: labels.rater(code),
      key: ({ x, y, font }) => {
        const mark = Plot.plot({
          document: dom,
          width: 2 * font,
          height: 2 * font,
          margin: 0,
          axis: null,
          x: { domain: [-1, 1] },
          y: { domain: [-1, 1] },
          symbol: { type: 'identity' },
          marks: [Plot.dot([[0, 0]], { symbol, fill: color, r: font * 0.42 })],
        })
        return placed(dom, mark, { x: x - font, y: y - font })
      },
    }
  })
}

/** A box filled with a colour, outlined so that white is seen. */
export const swatch =
  (dom: Document, fill: string): LegendEntry['key'] =>
  ({ x, y, font }) =>
    svgElement(dom, 'rect', {
      x: x - font * 0.5,
      y: y - font * 0.4,
      width: font,
      height: font * 0.8,
      fill,
      stroke: INK,
      'stroke-width': 0.5,
    })
