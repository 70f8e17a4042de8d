import type { GradeEntry } from './grade-event.ts'
import type { Level } from './joint.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { scaleOf } from './protocol-cells.ts'

/** Why an entry cannot be appended to a reading. */
export type EntryProblem = 'CELL_NOT_ASKED' | 'GRADE_OFF_SCALE' | 'COPY_NOT_ALLOWED'

/** Checks an entry against the protocol version of its reading; null when it may be appended. */
export function entryProblem(
  protocol: Protocol,
  { modality, levels }: { modality: Modality; levels: readonly Level[] },
  { cell, value, how }: Pick<GradeEntry, 'cell' | 'value' | 'how'>,
): EntryProblem | null {
  const scale = scaleOf(protocol, modality, cell.feature)
  if (!scale || !levels.includes(cell.level) || !protocol.sides.includes(cell.side)) return 'CELL_NOT_ASKED'
  if (value.kind === 'graded' && value.grade >= scale.length) return 'GRADE_OFF_SCALE'
  if (how === 'copied' && !protocol.copyFromOppositeSide) return 'COPY_NOT_ALLOWED'
  return null
}
