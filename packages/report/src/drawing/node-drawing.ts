import { parseHTML } from 'linkedom'
import type { DrawingSize, Figure } from '../figures/figure.ts'

/** A figure drawn without a browser, as SVG text. */
export function drawnFigure(figure: Figure, size: DrawingSize): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  return svgText(figure.draw(document, size))
}

/** SVG of its own: namespaced, with colours in place of `currentColor`, which half of the programs that print do not know. */
function svgText(svg: SVGSVGElement): string {
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const ink = svg.getAttribute('color') ?? '#000000'
  svg.removeAttribute('color')
  for (const element of svg.querySelectorAll('[class], [aria-hidden], [aria-label]')) {
    for (const name of ['class', 'aria-hidden', 'aria-label']) element.removeAttribute(name)
  }
  return svg.outerHTML
    .replaceAll('currentColor', ink)
    .replaceAll(/="[^"]*"/g, (attribute) => attribute.replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    .replaceAll(/ d="[^"]*"|translate\([^)]*\)/g, (numbers) => numbers.replaceAll(/(\d+\.\d{3})\d+/g, '$1'))
}
