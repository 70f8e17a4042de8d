import type { Figure } from '../figures/figure.ts'

/** A cell of a table: text, maybe bold, maybe a link to a part of the report. Line breaks are `\n`. */
export type Cell = string | { readonly text: string; readonly isBold?: boolean; readonly to?: string }

export type ReportTable = {
  readonly kind: 'table'
  readonly id: string
  readonly caption: string
  readonly columns: readonly { readonly header: string; readonly isNumeric: boolean; readonly share?: number }[]
  /** A row of one cell is a heading across the table. */
  readonly rows: readonly (readonly Cell[])[]
  readonly notes: readonly string[]
}

/** A report is a list of these, whatever it is written as. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly id: string; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly items: readonly (readonly [name: string, value: string])[] }
  | ReportTable
  | { readonly kind: 'figure'; readonly figure: Figure }

export const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)
