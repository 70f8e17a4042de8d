import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

type SubsetFont = (font: Uint8Array, text: string, options: { targetFormat: 'sfnt' | 'woff2' }) => Promise<Buffer>
/** The package says nothing of its types. */
const subsetFont = createRequire(import.meta.url)('subset-font') as SubsetFont

const FILES = {
  normal: '400Regular/NotoSansSC_400Regular.ttf',
  bold: '700Bold/NotoSansSC_700Bold.ttf',
} as const
export type FontWeight = keyof typeof FILES

/** The font of every printed word, Latin and Chinese alike: a file of its package, never of the machine. */
export const fontPath = (weight: FontWeight): string =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/noto-sans-sc/${FILES[weight]}`))

const whole = new Map<FontWeight, Promise<Buffer>>()

const wholeFont = (weight: FontWeight): Promise<Buffer> => {
  const known = whole.get(weight)
  if (known) return known
  const read = readFile(fontPath(weight))
  whole.set(weight, read)
  return read
}

/** The glyphs of a text alone: small enough to stand inside a file. The same text gives the same bytes. */
export async function subsetOf(text: string, weight: FontWeight, format: 'woff2' | 'sfnt'): Promise<Uint8Array> {
  const characters = [...new Set(text)].sort().join('')
  return subsetFont(await wholeFont(weight), characters === '' ? ' ' : characters, { targetFormat: format })
}

/** Style sheet rules that carry the font inside the document. */
export async function fontFaces(text: string): Promise<string> {
  const faces = await Promise.all(
    (['normal', 'bold'] as const).map(async (weight) => {
      const data = Buffer.from(await subsetOf(text, weight, 'woff2')).toString('base64')
      return `@font-face{font-family:'Noto Sans SC';font-weight:${weight === 'bold' ? 700 : 400};src:url(data:font/woff2;base64,${data}) format('woff2')}`
    }),
  )
  return faces.join('')
}
