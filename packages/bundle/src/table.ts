import type { Text } from '@facetgrade/grading/protocol-text'

export type ColumnType = 'code' | 'text' | 'hash' | 'integer' | 'decimal' | 'flag' | 'instant' | 'date'

/** A column of a table: its place in the codebook, and what every writer needs to know of its values. */
export type TableColumn = {
  readonly name: string
  readonly type: ColumnType
  readonly unit?: string
  readonly label: Text
}

/** A table of the bundle. `key`: the columns that name a row; rows come sorted by the first of them. */
export type Table = {
  /** Name of its files, without the ending. */
  readonly name: string
  readonly label: Text
  readonly columns: readonly TableColumn[]
  readonly key: readonly string[]
}

/** Null is missing: an empty field, a null, an empty cell. */
export type TableValue = string | number | null
export type TableRow = readonly TableValue[]

/** Takes rows in the order of the table's columns; `end` completes the file. */
export type TableWriter = {
  rows(rows: readonly TableRow[]): Promise<void>
  end(): Promise<void>
}

/** Whose data it is. Whatever is not about patients says so in every file that can say anything. */
export type StudyKind = 'real' | 'demo' | 'synthetic'

export const KIND_TEXT: Readonly<Record<StudyKind, Text>> = {
  real: { en: 'Images of patients', zh: '患者影像' },
  demo: { en: 'Demonstration: made-up data, not a study of patients', zh: '演示：虚构数据，并非患者研究' },
  synthetic: { en: 'Synthetic phantoms: says nothing about patients', zh: '合成体模：不反映任何患者情况' },
}

/** Last column of every table, so that a file on its own still says what it is. */
export const KIND_COLUMN: TableColumn = {
  name: 'study_kind',
  type: 'code',
  label: {
    en: 'Whose data: real patients, a demonstration, or synthetic phantoms',
    zh: '数据来源：真实患者、演示或合成体模',
  },
}

export const isNumeric = (type: ColumnType): boolean => type === 'integer' || type === 'decimal' || type === 'flag'
