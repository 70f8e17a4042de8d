/** Widths of the bundled font in units of its size: Chinese is square, Latin about half of that. Good to 5 %. */
const em = (char: string): number => {
  const code = char.codePointAt(0) ?? 0
  if (code >= 0x2e80) return 1
  if ("iljI.,:;|'’!()[]/ ".includes(char)) return 0.3
  if ('mwMW%'.includes(char)) return 0.85
  return char >= 'A' && char <= 'Z' ? 0.66 : 0.555
}

/** Width of a line of text in the units of `font`. */
export const textWidth = (text: string, font: number): number => {
  let sum = 0
  for (const char of text) sum += em(char)
  return sum * font
}

/** Lines no wider than `width`; breaks between words, and between any two Chinese characters. */
export function wrapText(text: string, width: number, font: number): string[] {
  const pieces = text.match(/[\u2e80-\uffff] *|[^ \n\u2e80-\uffff]+ */g) ?? []
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && textWidth((line + piece).trimEnd(), font) > width && !/^[，。；：、）]/.test(piece)) {
      lines.push(line.trimEnd())
      line = piece
    } else line += piece
  }
  return line === '' ? lines : [...lines, line.trimEnd()]
}

/** The text, or its beginning with an ellipsis. */
export function shortened(text: string, width: number, font: number): string {
  if (textWidth(text, font) <= width) return text
  let kept = text
  while (kept.length > 1 && textWidth(`${kept}…`, font) > width) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}…`
}
