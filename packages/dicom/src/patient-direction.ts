import type { AnatomicalLetter, DisplayTurn, EdgeSide, Plane, SeriesStack } from './series-judgement.ts'

/** A direction or point in patient coordinates: x to the left, y to the back, z to the head (LPS, PS3.3 §C.7.6.2.1.1). */
export type Vector = readonly [x: number, y: number, z: number]

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by]
export const lengthOf = (a: Vector): number => Math.sqrt(dot(a, a))
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

const POSITIVE: readonly AnatomicalLetter[] = ['L', 'P', 'H']
const NEGATIVE: readonly AnatomicalLetter[] = ['R', 'A', 'F']

const largestAxis = (direction: Vector): 0 | 1 | 2 => {
  const [x, y, z] = [Math.abs(direction[0]), Math.abs(direction[1]), Math.abs(direction[2])]
  if (z >= x && z >= y) return 2
  return x >= y ? 0 : 1
}

/** Where a direction points, by its largest component. */
export function anatomicalLetter(direction: Vector): AnatomicalLetter {
  const axis = largestAxis(direction)
  return ((direction[axis] >= 0 ? POSITIVE : NEGATIVE)[axis] ?? 'L') satisfies AnatomicalLetter
}

/** A plane is named by its normal while that leans less than about 37° (cosine 0.8) from a body axis; disc-angled slices are axial. */
export function planeOf(normal: Vector): Plane {
  const axis = largestAxis(normal)
  if (Math.abs(normal[axis]) < 0.8) return 'oblique'
  return axis === 2 ? 'axial' : axis === 0 ? 'sagittal' : 'coronal'
}

/** A side is named only where the edge points more to it than anywhere else: more than 45° away says nothing. */
export const sideOf = (direction: Vector): EdgeSide =>
  direction[0] > Math.SQRT1_2 ? 'left' : direction[0] < -Math.SQRT1_2 ? 'right' : null

export const edgesOf = (row: Vector, column: Vector): SeriesStack['edges'] => ({
  left: sideOf(scaled(row, -1)),
  right: sideOf(row),
  top: sideOf(scaled(column, -1)),
  bottom: sideOf(column),
})

export const lettersOf = (row: Vector, column: Vector): NonNullable<SeriesStack['letters']> => ({
  left: anatomicalLetter(scaled(row, -1)),
  right: anatomicalLetter(row),
  top: anatomicalLetter(scaled(column, -1)),
  bottom: anatomicalLetter(column),
})

/**
 * Radiological display: axial with the front up and the patient's right at the viewer's left, coronal with the head up and
 * the right at the left, sagittal with the head up and the front at the left.
 */
export function displayTurn(row: Vector, column: Vector): DisplayTurn {
  const plane = largestAxis(cross(row, column))
  // The axis that belongs across the screen, and the one that belongs down it; both grow that way.
  const across: 0 | 1 = plane === 0 ? 1 : 0
  const down: 1 | 2 = plane === 2 ? 1 : 2
  const transpose = Math.abs(row[across]) < Math.abs(column[across])
  const [right, bottom] = transpose ? [column, row] : [row, column]
  // y grows to the back and belongs downwards; z grows to the head and belongs upwards.
  const pointsDown = down === 1 ? bottom[1] >= 0 : bottom[2] <= 0
  return { transpose, flipHorizontal: right[across] < 0, flipVertical: !pointsDown }
}
