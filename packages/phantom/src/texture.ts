import type { Draws } from './draws.ts'

const SIDE = 32
const MASK = SIDE - 1

/** Smooth noise in space, mean 0 and SD near 1 at its lattice points; it repeats every 32 cells. */
export type Texture = (x: number, y: number, z: number) => number

/** Trilinear noise over a lattice of normal numbers, one number every `cell` of the caller's units. */
export function textureOf(draws: Draws): Texture {
  const lattice = new Float32Array(SIDE * SIDE * SIDE)
  for (let index = 0; index < lattice.length; index += 1) {
    // Sum of four uniforms: near enough to normal, and half the cost.
    const sum = draws.uint32() + draws.uint32() + draws.uint32() + draws.uint32()
    lattice[index] = (sum / 2 ** 32 - 2) * Math.sqrt(3)
  }
  return (x, y, z) => {
    const fx = Math.floor(x)
    const fy = Math.floor(y)
    const fz = Math.floor(z)
    const tx = x - fx
    const ty = y - fy
    const tz = z - fz
    const x0 = fx & MASK
    const x1 = (fx + 1) & MASK
    const y0 = (fy & MASK) * SIDE
    const y1 = ((fy + 1) & MASK) * SIDE
    const z0 = (fz & MASK) * SIDE * SIDE
    const z1 = ((fz + 1) & MASK) * SIDE * SIDE
    const a0 = lattice[x0 + y0 + z0] as number
    const b0 = lattice[x0 + y1 + z0] as number
    const c0 = lattice[x0 + y0 + z1] as number
    const d0 = lattice[x0 + y1 + z1] as number
    const a = a0 + ((lattice[x1 + y0 + z0] as number) - a0) * tx
    const b = b0 + ((lattice[x1 + y1 + z0] as number) - b0) * tx
    const c = c0 + ((lattice[x1 + y0 + z1] as number) - c0) * tx
    const d = d0 + ((lattice[x1 + y1 + z1] as number) - d0) * tx
    const near = a + (b - a) * ty
    return near + (c + (d - c) * ty - near) * tz
  }
}
