const MINUS = '\u2212'

/** `0.812`, `−0.041`; digits after the point. No thousands separator: numbers in tables stand under one another. */
export function decimal(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text
}

/** `1,234`; the thin space of some journals is left to them. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

export const percent = (share: number, digits = 1): string => `${decimal(100 * share, digits)}%`

/** `<0.001`, `0.042`; never 0 and never 1 from rounding. */
export function pValue(p: number): string {
  if (p < 0.001) return '<0.001'
  return p > 0.999 ? '>0.999' : p.toFixed(3)
}
