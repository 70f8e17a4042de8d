import type { Draws } from './draws.ts'

export type Vector = readonly [x: number, y: number, z: number]

/** How the patient lies in one exam: exam coordinates = rotation × spine coordinates + shift; mm, LPS. */
export type Pose = { rotation: readonly [Vector, Vector, Vector]; shift: Vector }

/** A little turned and tilted, and never in the middle of the table: exams of one patient share no frame of reference. */
export function drawPose(draws: Draws, most: { degrees: number; shiftMm: number }): Pose {
  const angle = (): number => (draws.between(-most.degrees, most.degrees) * Math.PI) / 180
  const [about, side, tilt] = [angle(), angle(), angle()]
  const [ca, sa, cb, sb, cc, sc] = [
    Math.cos(about),
    Math.sin(about),
    Math.cos(side),
    Math.sin(side),
    Math.cos(tilt),
    Math.sin(tilt),
  ]
  const shift = (): number => Math.round(draws.between(-most.shiftMm, most.shiftMm) * 10) / 10
  return {
    rotation: [
      [ca * cb, ca * sb * sc - sa * cc, ca * sb * cc + sa * sc],
      [sa * cb, sa * sb * sc + ca * cc, sa * sb * cc - ca * sc],
      [-sb, cb * sc, cb * cc],
    ],
    shift: [shift(), shift() - 120, shift() * 10],
  }
}

export function toExam({ rotation, shift }: Pose, [x, y, z]: Vector): [number, number, number] {
  const along = (row: Vector, offset: number): number => row[0] * x + row[1] * y + row[2] * z + offset
  return [along(rotation[0], shift[0]), along(rotation[1], shift[1]), along(rotation[2], shift[2])]
}

/** A direction of the exam in the spine's frame. */
export function directionToSpine({ rotation: [a, b, c] }: Pose, [x, y, z]: Vector): [number, number, number] {
  return [a[0] * x + b[0] * y + c[0] * z, a[1] * x + b[1] * y + c[1] * z, a[2] * x + b[2] * y + c[2] * z]
}

export const toSpine = (pose: Pose, [x, y, z]: Vector): [number, number, number] =>
  directionToSpine(pose, [x - pose.shift[0], y - pose.shift[1], z - pose.shift[2]])

/** To a thousandth of a millimetre, as the header writes it: what is computed is what is written. */
export const rounded = ([x, y, z]: Vector): [number, number, number] => [
  Math.round(x * 1000) / 1000,
  Math.round(y * 1000) / 1000,
  Math.round(z * 1000) / 1000,
]
