import { type CellKey, cellText } from './cell.ts'
import type { Answers } from './reading-cells.ts'

export type Progress = {
  readonly required: number
  /** Graded or not assessable. */
  readonly answered: number
  readonly open: readonly CellKey[]
  readonly isComplete: boolean
}

/**
 * How far a reading is, counted over the cells that its own protocol version requires. Answers to cells that are not
 * required (an older version asked them) count for nothing.
 */
export function progress(required: readonly CellKey[], answers: Answers): Progress {
  const open = required.filter((cell) => !answers.has(cellText(cell)))
  return { required: required.length, answered: required.length - open.length, open, isComplete: open.length === 0 }
}
