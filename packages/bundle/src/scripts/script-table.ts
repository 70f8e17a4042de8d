import type { ColumnType } from '../table.ts'

export type ScriptColumn = {
  readonly name: string
  readonly type: ColumnType
  /** Label and unit, in English. */
  readonly text: string
  readonly values: readonly { readonly value: string; readonly label: string }[] | undefined
}

/** A table as an import script sees it. `name` is a legal data set name in every package. */
export type ScriptTable = {
  readonly name: string
  readonly file: string
  readonly label: string
  readonly columns: readonly ScriptColumn[]
}

/** A grade and the column that says why it is missing: `grade` by `state`, `narrowing` by `narrowing_state`. */
export type GradeColumn = { readonly grade: string; readonly state: string }

export function gradeColumns({ columns }: ScriptTable): GradeColumn[] {
  const names = new Set(columns.map(({ name }) => name))
  return columns.flatMap(({ name, type }) => {
    if (type !== 'integer') return []
    const state = name === 'grade' ? 'state' : `${name}_state`
    return names.has(state) ? [{ grade: name, state }] : []
  })
}

/** What stands in place of a grade that is not there. */
export const MISSING_GRADES = [
  { state: 'not_graded', label: 'Not graded', spss: -91, letter: 'g' },
  { state: 'not_assessable', label: 'Not assessable', spss: -92, letter: 'a' },
  { state: 'not_applicable', label: 'Not applicable', spss: -93, letter: 'n' },
] as const

/** Most bytes of a text column of this type. */
export function textWidth({ type, values }: ScriptColumn): number {
  if (type === 'hash') return 100
  if (type === 'instant') return 24
  if (type === 'date') return 10
  if (type === 'text') return 2000
  return Math.max(40, ...(values ?? []).map(({ value }) => value.length))
}
