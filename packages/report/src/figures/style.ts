import type { DrawingSize } from './figure.ts'

/** Ink that prints. Series differ by shape and lightness first; their hues (Okabe and Ito) are safe for the colour-blind. */
export const INK = '#1a1a1a'
export const MUTED = '#595959'
export const FAINT = '#c8c8c8'
export const PAPER = '#ffffff'
export const FONT_FAMILY = "'Noto Sans SC', 'Noto Sans', sans-serif"

export type SeriesStyle = {
  readonly color: string
  readonly symbol: 'circle' | 'square' | 'diamond' | 'triangle' | 'cross' | 'star' | 'wye'
}

/** The model first, always black and square; readers after it. */
const READER_STYLES: readonly SeriesStyle[] = [
  { color: '#d55e00', symbol: 'circle' },
  { color: '#0072b2', symbol: 'triangle' },
  { color: '#009e73', symbol: 'diamond' },
  { color: '#8a5a83', symbol: 'star' },
  { color: '#a67c00', symbol: 'cross' },
  { color: '#56788f', symbol: 'wye' },
]
const MODEL_STYLE: SeriesStyle = { color: INK, symbol: 'square' }

/** A style per comparator, the same in every figure of an evaluation. */
export function seriesStyles(
  comparators: readonly { readonly code: string; readonly kind: string }[],
): ReadonlyMap<string, SeriesStyle> {
  const readers = comparators.filter(({ kind }) => kind !== 'model')
  return new Map(
    comparators.map(({ code, kind }) => [
      code,
      kind === 'model'
        ? MODEL_STYLE
        : (READER_STYLES[readers.findIndex((one) => one.code === code) % READER_STYLES.length] ?? MODEL_STYLE),
    ]),
  )
}

/** Grades 0 to 4 from light to dark: order survives a grey copy. Text on them is black on the light half. */
export const GRADE_COLORS = ['#eef3f8', '#b7cbe0', '#6f9bc4', '#2f6494', '#0e2f4f'] as const
export const gradeInk = (grade: number): string => (grade >= 2 ? PAPER : INK)

/** Of a share between 0 and 1, white to dark blue. */
export function shade(share: number): string {
  const t = Math.min(Math.max(share, 0), 1)
  const mix = (from: number, to: number): string =>
    Math.round(from + (to - from) * t)
      .toString(16)
      .padStart(2, '0')
  return `#${mix(255, 14)}${mix(255, 71)}${mix(255, 122)}`
}
export const shadeInk = (share: number): string => (share > 0.55 ? PAPER : INK)

/** What every plot has in common. */
export const plotBase = (document: Document, { width, font }: DrawingSize) => ({
  document,
  width,
  style: { fontFamily: FONT_FAMILY, fontSize: `${font}px`, background: 'none', color: INK, overflow: 'visible' },
})
