import type { CellValue } from './cell.ts'

/** 1 when the grade reaches the cut grade, 0 when it does not, null when there is no grade: missing is never negative. */
export function binarise(value: CellValue, cutGrade: number): 0 | 1 | null {
  if (value.kind !== 'graded') return null
  return value.grade >= cutGrade ? 1 : 0
}
