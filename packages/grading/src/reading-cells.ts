import { type CellAnswer, type CellKey, type CellText, cellText } from './cell.ts'
import { FEATURES } from './feature.ts'
import type { CellRow, GradeEvent } from './grade-event.ts'
import type { Level } from './joint.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { requiredCells } from './required-cells.ts'

/** The answers of a reading; a cell that is absent is not graded. */
export type Answers = ReadonlyMap<CellText, CellAnswer>

/**
 * What a reading says after its events: in each cell the value of the event with the highest sequence. The order in
 * which the events arrive does not matter; a cell emptied by an undo is absent again.
 *
 * @throws {RangeError} two events with one sequence
 */
export function foldEvents(
  events: readonly Pick<GradeEvent, 'sequence' | 'cell' | 'value'>[],
): Map<CellText, CellAnswer> {
  const answers = new Map<CellText, CellAnswer>()
  let previous = Number.NEGATIVE_INFINITY
  for (const { sequence, cell, value } of [...events].sort((a, b) => a.sequence - b.sequence)) {
    if (sequence === previous) throw new RangeError(`foldEvents: two events with sequence ${sequence}`)
    previous = sequence
    if (value.kind === 'not_graded') answers.delete(cellText(cell))
    else answers.set(cellText(cell), value)
  }
  return answers
}

/**
 * The whole form of a case, one row for each joint and each of the five features (and the global grade where it is
 * asked): answered, not graded, or not applicable where the protocol does not ask.
 */
export function formCells(
  protocol: Protocol,
  { modality, levels, answers }: { modality: Modality; levels: readonly Level[]; answers: Answers },
): CellRow[] {
  const required = requiredCells(protocol, modality, levels)
  const asked = new Set(required.map(cellText))
  const unasked = levels
    .flatMap((level) =>
      protocol.sides.flatMap((side) => FEATURES.map((feature): CellKey => ({ level, side, feature }))),
    )
    .filter((cell) => !asked.has(cellText(cell)))
  return [
    ...required.map((cell): CellRow => ({ cell, value: answers.get(cellText(cell)) ?? { kind: 'not_graded' } })),
    ...unasked.map((cell): CellRow => ({ cell, value: { kind: 'not_applicable' } })),
  ]
}
