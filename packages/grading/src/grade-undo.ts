import { type CellText, cellText } from './cell.ts'
import type { GradeEntry, GradeEvent } from './grade-event.ts'

type Step = Pick<GradeEntry, 'cell' | 'value'>

/**
 * What the next undo records: the cell of the latest answer that no undo has taken back yet, with the value that stood
 * there before it. An undo is itself an event, so nothing is ever removed. Undefined when nothing is left to undo.
 *
 * @param events  of one reading, in order of sequence
 */
export function nextUndo(events: readonly Pick<GradeEvent, 'cell' | 'value' | 'how'>[]): Step | undefined {
  const standing = new Map<CellText, GradeEntry['value']>()
  const open: Step[] = []
  for (const { cell, value, how } of events) {
    const key = cellText(cell)
    if (how === 'undone') open.pop()
    else open.push({ cell, value: standing.get(key) ?? { kind: 'not_graded' } })
    standing.set(key, value)
  }
  return open.at(-1)
}
