import { lettersOf, type Vector } from '@facetgrade/dicom/patient-direction'
import type { AnatomicalLetter, DisplayTurn } from '@facetgrade/dicom/series-judgement'

/** Where a stored image lies: LPS directions along a row and a column, millimetres between rows and between columns. */
export type Plane = {
  rows: number
  columns: number
  rowDirection: Vector
  columnDirection: Vector
  position: Vector
  spacingMm: readonly [betweenRows: number, betweenColumns: number]
}

const negative = ([x, y, z]: Vector): Vector => [-x, -y, -z]
const along = (from: Vector, direction: Vector, distance: number): Vector => [
  from[0] + direction[0] * distance,
  from[1] + direction[1] * distance,
  from[2] + direction[2] * distance,
]

/** The plane of the turned image: the same points of the patient under the same pixels. */
export function turnedPlane(plane: Plane, turn: DisplayTurn): Plane {
  let { rows, columns, rowDirection, columnDirection, position, spacingMm } = plane
  if (turn.transpose) {
    ;[rows, columns] = [columns, rows]
    ;[rowDirection, columnDirection] = [columnDirection, rowDirection]
    spacingMm = [spacingMm[1], spacingMm[0]]
  }
  if (turn.flipHorizontal) {
    position = along(position, rowDirection, (columns - 1) * spacingMm[1])
    rowDirection = negative(rowDirection)
  }
  if (turn.flipVertical) {
    position = along(position, columnDirection, (rows - 1) * spacingMm[0])
    columnDirection = negative(columnDirection)
  }
  return { rows, columns, rowDirection, columnDirection, position, spacingMm }
}

export type EdgeLetters = {
  left: AnatomicalLetter
  right: AnatomicalLetter
  top: AnatomicalLetter
  bottom: AnatomicalLetter
}

/** What each edge of the displayed image points to, from patient coordinates alone. */
export function edgeLetters(
  directions: { rowDirection: Vector; columnDirection: Vector },
  turn: DisplayTurn,
): EdgeLetters {
  const plane = { rows: 1, columns: 1, position: [0, 0, 0], spacingMm: [1, 1], ...directions } as const
  const { rowDirection, columnDirection } = turnedPlane(plane, turn)
  return lettersOf(rowDirection, columnDirection)
}
