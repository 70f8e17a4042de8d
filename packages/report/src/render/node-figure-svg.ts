import { drawnFigure } from '../drawing/node-drawing.ts'
import { fontFaces } from '../drawing/node-fonts.ts'
import type { DrawingSize, Figure } from '../figures/figure.ts'

const MM_PER_POINT = 25.4 / 72

/** A figure as a file of its own: vectors, its size in millimetres, and the glyphs that it uses inside it. */
export async function figureSvg(figure: Figure, size: DrawingSize): Promise<string> {
  const svg = drawnFigure(figure, size)
  const style = `<title>${xml(figure.title)}</title><desc>${xml(figure.description)}</desc><defs><style>${await fontFaces(svg)}</style></defs>`
  const [, width = '0', height = '0'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  const mm = (points: string): string => `${(Number(points) * MM_PER_POINT).toFixed(2)}mm`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg
    .replace(/ width="[\d.]+"/, ` width="${mm(width)}"`)
    .replace(/ height="[\d.]+"/, ` height="${mm(height)}"`)
    .replace(/>/, `>${style}`)}\n`
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
