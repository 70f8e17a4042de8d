import type { DrawingSize, Figure } from '../figures/figure.ts'
import { FONT_FAMILY, INK, MUTED } from '../figures/style.ts'
import { textWidth, wrapText } from './text-width.ts'

const SVG = 'http://www.w3.org/2000/svg'

type Attributes = Readonly<Record<string, string | number>>

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  element.append(...children)
  return element
}

/** Plot's root as a group at a place: nested roots are drawn differently by every program that opens the file. */
export function placed(document: Document, plot: Element, at: { x: number; y: number }): SVGGElement {
  const group = svgElement(document, 'g', { transform: `translate(${round(at.x)},${round(at.y)})` })
  for (const name of ['fill', 'text-anchor']) {
    const value = plot.getAttribute(name)
    if (value !== null) group.setAttribute(name, value)
  }
  group.append(...Array.from(plot.childNodes).filter((child) => child.nodeName.toLowerCase() !== 'style'))
  // The picture has one name; labels on its pieces have no role to belong to.
  for (const piece of group.querySelectorAll('[class], [aria-hidden], [aria-label]')) {
    for (const name of ['class', 'aria-hidden', 'aria-label']) piece.removeAttribute(name)
  }
  return group
}

export const round = (value: number): number => Math.round(value * 100) / 100

const LINE = 1.25
/** Bold text is wider. */
const BOLD = 1.06

export type LegendEntry = { readonly label: string; readonly key: (at: { x: number; y: number; font: number }) => Node }

export type Panel = {
  readonly title: string
  /** Drawn into the width that the panel gets; says how high it became. */
  readonly draw: (width: number) => { readonly element: Element; readonly height: number }
}

/**
 * The whole drawing: panels in rows, under each its own marks, and below them the lines that must never be cut off
 * (the unit with n and patients, and that synthetic results say nothing about patients).
 */
export function drawing(
  document: Document,
  size: DrawingSize,
  of: {
    figure: Pick<Figure, 'title' | 'description'>
    panels: readonly Panel[]
    columns: number
    footer: readonly string[]
    legend?: readonly LegendEntry[]
  },
): SVGSVGElement {
  const { width, font } = size
  const gap = font * 1.4
  const columns = Math.max(1, Math.min(of.columns, of.panels.length))
  const panelWidth = (width - gap * (columns - 1)) / columns
  const root = svgElement(document, 'svg', {
    role: 'img',
    'aria-label': `${of.figure.title}. ${of.figure.description}`,
    'font-family': FONT_FAMILY,
    'font-size': font,
    fill: INK,
    color: INK,
  })
  let y = 0
  for (let row = 0; row < of.panels.length; row += columns) {
    const inRow = of.panels.slice(row, row + columns)
    const titles = inRow.map(({ title }) => wrapText(title, panelWidth, font * BOLD))
    const most = Math.max(...titles.map((lines) => lines.length))
    const top = y + (most === 0 ? 0 : (most * LINE + 0.4) * font)
    let rowHeight = 0
    for (const [column, panel] of inRow.entries()) {
      const x = column * (panelWidth + gap)
      const lines = titles[column] ?? []
      for (const [i, line] of lines.entries()) {
        // The last lines stand on one height, right above their panels.
        const baseline = y + (most - lines.length + i + 1) * LINE * font
        root.append(svgElement(document, 'text', { x: round(x), y: round(baseline), 'font-weight': 700 }, [line]))
      }
      const { element, height } = panel.draw(panelWidth)
      root.append(placed(document, element, { x, y: top }))
      rowHeight = Math.max(rowHeight, top - y + height)
    }
    y += rowHeight + gap * 0.7
  }
  if (of.legend) y = legendAt(document, root, { entries: of.legend, y, ...size })
  for (const line of of.footer.flatMap((text) => wrapText(text, width, font))) {
    y += font * LINE
    root.append(svgElement(document, 'text', { x: 0, y: round(y), fill: MUTED }, [line]))
  }
  const height = Math.ceil(y + font * 0.5)
  root.setAttribute('viewBox', `0 0 ${width} ${height}`)
  root.setAttribute('width', String(width))
  root.setAttribute('height', String(height))
  return root
}

/** Keys and their words in lines below the panels. */
function legendAt(
  document: Document,
  root: SVGSVGElement,
  { entries, y, width, font }: { entries: readonly LegendEntry[]; y: number } & DrawingSize,
): number {
  let x = 0
  let baseline = y + font * LINE
  for (const { label, key } of entries) {
    const needed = font * 1.9 + textWidth(label, font) + font * 1.6
    if (x > 0 && x + needed > width) {
      x = 0
      baseline += font * LINE * 1.1
    }
    root.append(
      key({ x: x + font * 0.7, y: baseline - font * 0.35, font }),
      svgElement(document, 'text', { x: round(x + font * 1.9), y: round(baseline) }, [label]),
    )
    x += needed
  }
  return baseline + font * 0.4
}
