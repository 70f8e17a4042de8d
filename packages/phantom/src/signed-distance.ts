// Signed distances in mm: negative inside.

/** Union with a rounded seam of width `k`. */
export function smoothMin(a: number, b: number, k: number): number {
  const h = 0.5 + (0.5 * (b - a)) / k
  if (h >= 1) return a
  if (h <= 0) return b
  return b + (a - b) * h - k * h * (1 - h)
}

export const smoothMax = (a: number, b: number, k: number): number => -smoothMin(-a, -b, k)

/** Distance from the three excesses of a point over a box's half sizes. */
export function boxDistance(qx: number, qy: number, qz: number): number {
  const inside = Math.max(qx, qy, qz)
  if (inside <= 0) return inside
  const ox = qx > 0 ? qx : 0
  const oy = qy > 0 ? qy : 0
  const oz = qz > 0 ? qz : 0
  return Math.sqrt(ox * ox + oy * oy + oz * oz)
}

/** A rod whose radius goes from one value to another, its section stretched along z. Plain numbers: read in inner loops. */
export type Rod = {
  ax: number
  ay: number
  az: number
  dx: number
  dy: number
  dz: number
  perLength2: number
  radiusA: number
  radiusB: number
  perZScale: number
}

type Point = readonly [x: number, y: number, z: number]

export function rodOf(a: Point, b: Point, shape: { radius: number; endRadius?: number; zScale?: number }): Rod {
  const dx = b[0] - a[0]
  const dy = b[1] - a[1]
  const dz = b[2] - a[2]
  return {
    ax: a[0],
    ay: a[1],
    az: a[2],
    dx,
    dy,
    dz,
    perLength2: 1 / (dx * dx + dy * dy + dz * dz),
    radiusA: shape.radius,
    radiusB: shape.endRadius ?? shape.radius,
    perZScale: 1 / (shape.zScale ?? 1),
  }
}

export function rodDistance(rod: Rod, x: number, y: number, z: number): number {
  const px = x - rod.ax
  const py = y - rod.ay
  const pz = z - rod.az
  const along = (px * rod.dx + py * rod.dy + pz * rod.dz) * rod.perLength2
  const t = along < 0 ? 0 : along > 1 ? 1 : along
  const qx = px - t * rod.dx
  const qy = py - t * rod.dy
  const qz = (pz - t * rod.dz) * rod.perZScale
  return Math.sqrt(qx * qx + qy * qy + qz * qz) - rod.radiusA - t * (rod.radiusB - rod.radiusA)
}
