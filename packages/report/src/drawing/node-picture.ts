import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { subsetOf } from './node-fonts.ts'

let isReady: Promise<void> | undefined

const ready = (): Promise<void> => {
  isReady ??= readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))).then((wasm) =>
    initWasm(wasm),
  )
  return isReady
}

export type Glyphs = readonly Uint8Array[]

/** The glyphs that some drawings need, made once for all of them. */
export const glyphsOf = (drawings: readonly string[]): Promise<Glyphs> => {
  const text = drawings.join('').replaceAll(/<[^>]*>/g, ' ')
  return Promise.all([subsetOf(text, 'normal', 'sfnt'), subsetOf(text, 'bold', 'sfnt')])
}

/** A drawing as PNG at so many dots per inch; a unit of the drawing is a point. */
export async function pngOf(
  svg: string,
  glyphs: Glyphs,
  dotsPerInch: number,
): Promise<{ png: Uint8Array; width: number; height: number }> {
  await ready()
  const renderer = new Resvg(svg, {
    font: { fontBuffers: [...glyphs], defaultFontFamily: 'Noto Sans SC' },
    fitTo: { mode: 'zoom', value: dotsPerInch / 72 },
    background: 'white',
  })
  const image = renderer.render()
  const drawn = { png: image.asPng(), width: image.width, height: image.height }
  image.free()
  renderer.free()
  return drawn
}
