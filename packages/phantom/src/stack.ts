import type { Brush } from './brush.ts'
import { directionToSpine, type Pose, toSpine, type Vector } from './pose.ts'
import type { Region, TissueSampler } from './tissue-sampler.ts'

/** A stack of slices in an exam: `origin` is the centre of the first voxel, the directions are unit vectors (LPS). */
export type Grid = {
  origin: Vector
  rowDirection: Vector
  columnDirection: Vector
  sliceDirection: Vector
  columns: number
  rows: number
  slices: number
  pixelMm: number
  thicknessMm: number
  spacingMm: number
  /** How many thin layers stand for the slice's thickness. */
  layers: number
}

export const sliceOrigin = (grid: Grid, slice: number): Vector => {
  const at = slice * grid.spacingMm
  const [x, y, z] = grid.origin
  return [x + grid.sliceDirection[0] * at, y + grid.sliceDirection[1] * at, z + grid.sliceDirection[2] * at]
}

const TILE = 6

export type Slice = { first: Float32Array; second: Float32Array }

/** Intensities of one slice without noise, row by row, in both contrasts of the brush. */
export function renderSlice(
  sampler: TissueSampler,
  brush: Brush,
  at: { grid: Grid; pose: Pose; slice: number },
): Slice {
  const { grid, pose } = at
  const { layers } = grid
  const result: Slice = {
    first: new Float32Array(grid.rows * grid.columns),
    second: new Float32Array(grid.rows * grid.columns),
  }
  const row = directionToSpine(pose, grid.rowDirection)
  const column = directionToSpine(pose, grid.columnDirection)
  const along = directionToSpine(pose, grid.sliceDirection)
  const centre = toSpine(pose, sliceOrigin(grid, at.slice))
  for (let layer = 0; layer < layers; layer += 1) {
    const offset = ((layer + 0.5) / layers - 0.5) * grid.thicknessMm
    const origin: Vector = [centre[0] + along[0] * offset, centre[1] + along[1] * offset, centre[2] + along[2] * offset]
    for (let top = 0; top < grid.rows; top += TILE)
      for (let left = 0; left < grid.columns; left += TILE)
        renderTile(sampler, brush, { grid, origin, row, column, top, left, weight: 1 / layers, result })
  }
  return result
}

type Tile = {
  grid: Grid
  origin: Vector
  row: Vector
  column: Vector
  top: number
  left: number
  weight: number
  result: Slice
}

const region: Region = { kind: 'soft', mask: 0, arch: 0 }

function renderTile(sampler: TissueSampler, brush: Brush, tile: Tile): void {
  const { grid, origin, row, column, top, left, weight, result } = tile
  const { pixelMm } = grid
  const bottom = Math.min(grid.rows, top + TILE)
  const right = Math.min(grid.columns, left + TILE)
  const u0 = ((left + right - 1) / 2) * pixelMm
  const v0 = ((top + bottom - 1) / 2) * pixelMm
  sampler.regionAt(
    origin[0] + row[0] * u0 + column[0] * v0,
    origin[1] + row[1] * u0 + column[1] * v0,
    origin[2] + row[2] * u0 + column[2] * v0,
    (TILE / 2) * pixelMm * Math.SQRT2,
    region,
  )
  for (let j = top; j < bottom; j += 1) {
    const v = j * pixelMm
    for (let i = left; i < right; i += 1) {
      const u = i * pixelMm
      sampler.sample(
        brush,
        region,
        origin[0] + row[0] * u + column[0] * v,
        origin[1] + row[1] * u + column[1] * v,
        origin[2] + row[2] * u + column[2] * v,
      )
      const at = j * grid.columns + i
      result.first[at] = (result.first[at] as number) + brush.first * weight
      result.second[at] = (result.second[at] as number) + brush.second * weight
    }
  }
}
