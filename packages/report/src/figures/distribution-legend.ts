import type { LegendEntry } from '../drawing/svg.ts'
import type { Words } from '../words/language.ts'
import { swatch } from './legend.ts'
import { GRADE_COLORS, PAPER } from './style.ts'

/** Every grade's colour, and white for no grade. */
export const legendKeys = (dom: Document, words: Words, grades: number): LegendEntry[] => [
  ...GRADE_COLORS.slice(0, grades).map((color, grade) => ({ label: words.grade(grade), key: swatch(dom, color) })),
  { label: words.figure.distribution.noGrade, key: swatch(dom, PAPER) },
]
