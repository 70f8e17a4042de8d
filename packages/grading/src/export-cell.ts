import type { CellValue } from './cell.ts'

/** A cell value in four columns of an export. Only a grade fills `grade`, so that no missing value can be read as 0. */
export type ExportCell = {
  readonly grade: number | null
  readonly state: CellValue['kind']
  readonly reason: string | null
  /** The reader's own words where the reason is `other`. */
  readonly reason_text: string | null
}

export function exportCell(value: CellValue): ExportCell {
  const reason = value.kind === 'not_assessable' ? value.reason : null
  return {
    grade: value.kind === 'graded' ? value.grade : null,
    state: value.kind,
    reason: reason?.code ?? null,
    reason_text: reason?.code === 'other' ? reason.text : null,
  }
}
