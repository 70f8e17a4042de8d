import type { RandomStream } from '@facetgrade/grading/seeded-random'
import { type Contrast, intensityAt, type Spine } from './spine.ts'

/** A stack of slices. Row, column and slice directions are unit vectors in LPS; `origin` is the first voxel's centre. */
export type Grid = {
  origin: readonly [number, number, number]
  rowDirection: readonly [number, number, number]
  columnDirection: readonly [number, number, number]
  sliceDirection: readonly [number, number, number]
  columns: number
  rows: number
  slices: number
  pixelMm: number
  sliceMm: number
}

export const sliceOrigin = (grid: Grid, slice: number): readonly [number, number, number] => [
  grid.origin[0] + grid.sliceDirection[0] * slice * grid.sliceMm,
  grid.origin[1] + grid.sliceDirection[1] * slice * grid.sliceMm,
  grid.origin[2] + grid.sliceDirection[2] * slice * grid.sliceMm,
]

/** Intensities of one slice, row by row, with noise of standard deviation `noise` in the contrast's own unit. */
export function renderSlice(
  at: { spine: Spine; contrast: Contrast; grid: Grid },
  slice: number,
  noise: { random: RandomStream; standardDeviation: number },
): Float32Array {
  const { grid } = at
  const values = new Float32Array(grid.rows * grid.columns)
  const [ox, oy, oz] = sliceOrigin(grid, slice)
  const { rowDirection: r, columnDirection: c, pixelMm } = grid
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      const [u, v] = [column * pixelMm, row * pixelMm]
      const point = [ox + r[0] * u + c[0] * v, oy + r[1] * u + c[1] * v, oz + r[2] * u + c[2] * v] as const
      values[row * grid.columns + column] =
        intensityAt(at.spine, at.contrast, point, pixelMm * 1.2) + noise.standardDeviation * gaussian(noise.random)
    }
  }
  return values
}

/** Sum of four uniforms, scaled to standard deviation 1: near enough to normal for image noise. */
export function gaussian(random: RandomStream): number {
  let sum = 0
  for (let draw = 0; draw < 4; draw += 1) sum += random.uint32() / 2 ** 32
  return (sum - 2) * Math.sqrt(3)
}
