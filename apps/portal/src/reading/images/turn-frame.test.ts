import { cross, displayTurn, dot, type Vector } from '@facetgrade/dicom/patient-direction'
import { describe, expect, test } from 'vitest'
import { turnFrame } from './turn-frame.ts'
import { edgeLetters, turnedPlane } from './turned-plane.ts'

const L: Vector = [1, 0, 0]
const R: Vector = [-1, 0, 0]
const P: Vector = [0, 1, 0]
const A: Vector = [0, -1, 0]
const H: Vector = [0, 0, 1]
const F: Vector = [0, 0, -1]
const SIDE = 40

/** An image of a volume in which one voxel, at `marked` (patient coordinates), is bright. */
function anImage(row: Vector, column: Vector, marked: Vector) {
  // Centred on the patient's origin, whatever the signs.
  const half = SIDE / 2 - 0.5
  const position: Vector = [-half * (row[0] + column[0]), -half * (row[1] + column[1]), -half * (row[2] + column[2])]
  const from: Vector = [marked[0] - position[0], marked[1] - position[1], marked[2] - position[2]]
  const pixels = new Int16Array(SIDE * SIDE)
  pixels[Math.round(dot(from, column)) * SIDE + Math.round(dot(from, row))] = 1000
  return { pixels, position }
}

const placeOfMark = (pixels: Int16Array, columns: number) => {
  const at = pixels.indexOf(1000)
  return { column: at % columns, row: Math.floor(at / columns) }
}

const AXIAL = [L, R].flatMap((row) =>
  [P, A].flatMap((column): [Vector, Vector][] => [
    [row, column],
    [column, row],
  ]),
)
const CORONAL = [L, R].flatMap((row) =>
  [F, H].flatMap((column): [Vector, Vector][] => [
    [row, column],
    [column, row],
  ]),
)
const SAGITTAL = [P, A].flatMap((row) =>
  [F, H].flatMap((column): [Vector, Vector][] => [
    [row, column],
    [column, row],
  ]),
)

describe.each([
  ['axial', AXIAL, { left: 'R', right: 'L', top: 'A', bottom: 'P' }],
  ['coronal', CORONAL, { left: 'R', right: 'L', top: 'H', bottom: 'F' }],
  ['sagittal', SAGITTAL, { left: 'A', right: 'P', top: 'H', bottom: 'F' }],
] as const)('%s, all eight ways to store it', (_plane, orientations, letters) => {
  test.each(orientations)('rows along %j, columns along %j: radiological letters', (row, column) => {
    expect(edgeLetters({ rowDirection: row, columnDirection: column }, displayTurn(row, column))).toEqual(letters)
  })

  test.each(orientations)(
    "rows along %j, columns along %j: the patient's own points land where they must",
    (row, column) => {
      const leftBackHead: Vector = [8.5, 6.5, 4.5]
      const inPlane: Vector = [
        leftBackHead[0] * (Math.abs(row[0]) + Math.abs(column[0])),
        leftBackHead[1] * (Math.abs(row[1]) + Math.abs(column[1])),
        leftBackHead[2] * (Math.abs(row[2]) + Math.abs(column[2])),
      ]
      const { pixels, position } = anImage(row, column, inPlane)
      const turn = displayTurn(row, column)
      const turned = turnFrame(pixels, { rows: SIDE, columns: SIDE }, turn)
      const { column: x, row: y } = placeOfMark(turned.pixels, turned.columns)
      const isAxial = Math.abs(cross(row, column)[2]) === 1
      // Axial, coronal: left of the patient is right of the screen. Sagittal: the back is right of the screen.
      expect(x).toBeGreaterThan(SIDE / 2)
      // Axial: the back is below. Otherwise the head is above.
      expect(y > SIDE / 2).toBe(isAxial)
      const plane = turnedPlane(
        { rows: SIDE, columns: SIDE, rowDirection: row, columnDirection: column, position, spacingMm: [1, 1] },
        turn,
      )
      const point = [0, 1, 2].map(
        (axis) =>
          (plane.position[axis] ?? 0) + x * (plane.rowDirection[axis] ?? 0) + y * (plane.columnDirection[axis] ?? 0),
      )
      for (const axis of [0, 1, 2]) expect(point[axis]).toBeCloseTo(inPlane[axis] ?? 0, 9)
    },
  )
})

test('an image that is not square is transposed with its size', () => {
  const turned = turnFrame(
    Uint8Array.of(1, 2, 3, 4, 5, 6),
    { rows: 2, columns: 3 },
    { transpose: true, flipHorizontal: false, flipVertical: true },
  )
  expect(turned).toEqual({ rows: 3, columns: 2, pixels: Uint8Array.of(3, 6, 2, 5, 1, 4) })
})
