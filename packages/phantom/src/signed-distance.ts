/** Signed distances in mm: negative inside. */
export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value

/** Union with a rounded seam of width `k`. */
export function smoothMin(a: number, b: number, k: number): number {
  const h = clamp(0.5 + (0.5 * (b - a)) / k, 0, 1)
  return b + (a - b) * h - k * h * (1 - h)
}

export const smoothMax = (a: number, b: number, k: number): number => -smoothMin(-a, -b, k)

/** Box with half sizes and rounded edges, around the origin. */
export function roundedBox(
  x: number,
  y: number,
  z: number,
  half: readonly [number, number, number],
  radius: number,
): number {
  const qx = Math.abs(x) - half[0] + radius
  const qy = Math.abs(y) - half[1] + radius
  const qz = Math.abs(z) - half[2] + radius
  return Math.hypot(Math.max(qx, 0), Math.max(qy, 0), Math.max(qz, 0)) + Math.min(Math.max(qx, qy, qz), 0) - radius
}

type Point = readonly [number, number, number]

/** Rod from `a` to `b`, its section stretched along z by `zScale`. */
export function rod(point: Point, a: Point, b: Point, shape: { radius: number; zScale: number }): number {
  const [dx, dy, dz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  const t = clamp(
    ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy + (point[2] - a[2]) * dz) / (dx * dx + dy * dy + dz * dz),
    0,
    1,
  )
  return (
    Math.hypot(point[0] - a[0] - t * dx, point[1] - a[1] - t * dy, (point[2] - a[2] - t * dz) / shape.zScale) -
    shape.radius
  )
}
