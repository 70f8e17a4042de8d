/** A cell of a figure's table: text as printed, and whether it is a number (aligned at its right). */
export type FigureTable = {
  readonly columns: readonly { readonly header: string; readonly isNumeric: boolean }[]
  readonly rows: readonly (readonly string[])[]
}

/** Width in units of the drawing, and the size of its text in the same units. In print a unit is a point. */
export type DrawingSize = { readonly width: number; readonly font: number }

export type FigureKind =
  | 'flow'
  | 'distribution'
  | 'roc'
  | 'confusion'
  | 'forest'
  | 'calibration'
  | 'decision'
  | 'agreement'
  | 'reading-time'
  | 'subgroups'

/**
 * One figure: what it shows in words, the same numbers as a table, and how it is drawn. It is drawn on any document
 * (a browser's, or one without a browser), so that screen, print and report cannot differ.
 */
export type Figure = {
  /** Stable within an evaluation, and usable in an address: `roc-ct-narrowing`. */
  readonly id: string
  readonly kind: FigureKind
  readonly title: string
  /** What is drawn, the unit, n and patients, the interval and its level: everything a reader needs below it. */
  readonly caption: string
  /** For who cannot see it. */
  readonly description: string
  readonly table: FigureTable
  /** One column of a journal, or its whole page. */
  readonly span: 'column' | 'page'
  readonly draw: (document: Document, size: DrawingSize) => SVGSVGElement
}

/** 85 mm and 170 mm in points, with text of 7.5 points: what journals ask for one column and two. */
export const PRINT_SIZE = {
  column: { width: 241, font: 7.5 },
  page: { width: 482, font: 7.5 },
} as const satisfies Record<Figure['span'], DrawingSize>
