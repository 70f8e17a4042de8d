import { dot, type Vector } from '@facetgrade/dicom/patient-direction'
import { type AxisWeights, axisWeights, evenPositions, type OutputAxis } from './axis-weights.ts'
import { axesOf, type Slice, type Volume } from './volume.ts'

/** Counts and spacings along the patient's z, y, x (as the acquisition's axes run). */
export type Grid = {
  readonly centreMm: Vector
  readonly counts: readonly [z: number, y: number, x: number]
  readonly spacingMm: readonly [z: number, y: number, x: number]
  /** Reverse the patient's x axis: a right joint becomes a left one. */
  readonly isMirrored: boolean
}

export type Resampled = {
  /** z, y, x order, x fastest; modality values. */
  readonly values: Float32Array
  /** Share of each output plane that lies inside the volume, per axis; the coverage of a voxel is their product. */
  readonly covered: Readonly<Record<PatientAxis, Float64Array>>
}

type PatientAxis = 'x' | 'y' | 'z'
type AcquisitionAxis = 'row' | 'column' | 'normal'

/**
 * Resamples a grid out of a volume. The grid's axes are the acquisition's own, so the map is a product of three short
 * weighted sums: within each slice, at the slice's own place, then across slices.
 *
 * @param fill  value of what lies outside the volume
 */
export function resample(volume: Volume, grid: Grid, fill: number): Resampled {
  const axes = axesOf(volume)
  const [countZ, countY, countX] = grid.counts
  const output = {
    x: { count: countX, step: grid.spacingMm[2] * axes.x.sign * (grid.isMirrored ? -1 : 1), stride: 1 },
    y: { count: countY, step: grid.spacingMm[1] * axes.y.sign, stride: countX },
    z: { count: countZ, step: grid.spacingMm[0] * axes.z.sign, stride: countX * countY },
  }
  const patientAxis = (along: AcquisitionAxis): PatientAxis =>
    axes.x.along === along ? 'x' : axes.y.along === along ? 'y' : 'z'
  const [across, down, through] = [patientAxis('row'), patientAxis('column'), patientAxis('normal')]
  const offsets = Float64Array.from(volume.slices, ({ position }) => dot(position, volume.normal))
  const slices = axisWeights(offsets, { ...output[through], centre: dot(grid.centreMm, volume.normal) })
  const values = new Float32Array(countX * countY * countZ)
  const picture = new Float64Array(output[across].count * output[down].count)
  const covered = {
    [across]: new Float64Array(output[across].count),
    [down]: new Float64Array(output[down].count),
    [through]: slices.covered,
  } as Record<PatientAxis, Float64Array>
  let plane: Plane | undefined
  for (let index = slices.from; index < slices.to; index += 1) {
    const slice = volume.slices[index]
    if (slice === undefined) continue
    plane = planeAt(volume, { slice, centreMm: grid.centreMm, across: output[across], down: output[down] }, plane)
    addMean(covered[across], plane.columns.covered, slices.to - slices.from)
    addMean(covered[down], plane.rows.covered, slices.to - slices.from)
    resampleSlice(picture, slice, { plane, width: volume.columns, isNegated: volume.isNegated, fill })
    spread(values, picture, { slices, index, across: output[across], down: output[down], through: output[through] })
  }
  for (let at = 0; at < values.length; at += 1) values[at] = (values[at] ?? 0) + fill
  return { values, covered }
}

function addMean(sum: Float64Array, shares: Float64Array, of: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (shares[at] ?? 0) / of
}

/** Weights within a slice, and the place of the grid's centre in it that they were made for. */
type Plane = {
  readonly column: number
  readonly row: number
  readonly columns: AxisWeights
  readonly rows: AxisWeights
}
type Output = Omit<OutputAxis, 'centre'> & { readonly stride: number }
type InSlice = { readonly slice: Slice; readonly centreMm: Vector; readonly across: Output; readonly down: Output }

/** The weights of the slice before serve again where the stack is straight. */
function planeAt(volume: Volume, { slice, centreMm, across, down }: InSlice, before: Plane | undefined): Plane {
  const from: Vector = [
    centreMm[0] - slice.position[0],
    centreMm[1] - slice.position[1],
    centreMm[2] - slice.position[2],
  ]
  const column = dot(from, volume.rowDirection)
  const row = dot(from, volume.columnDirection)
  // A hundred-thousandth of a millimetre: what is left of the positions' own rounding.
  if (before && Math.abs(before.column - column) < 1e-5 && Math.abs(before.row - row) < 1e-5) return before
  return {
    column,
    row,
    columns: axisWeights(
      evenPositions(volume.columns, volume.columnSpacingMm),
      { ...across, centre: column },
      volume.columnSpacingMm,
    ),
    rows: axisWeights(evenPositions(volume.rows, volume.rowSpacingMm), { ...down, centre: row }, volume.rowSpacingMm),
  }
}

type OneSlice = {
  readonly plane: Pick<Plane, 'columns' | 'rows'>
  readonly width: number
  readonly isNegated: boolean
  readonly fill: number
}

/** Values less `fill` of one slice at the grid's rows and columns; 0 outside the slice. */
export function resampleSlice(
  picture: Float64Array,
  { values, slope, intercept }: Pick<Slice, 'values' | 'slope' | 'intercept'>,
  of: OneSlice,
): void {
  const { plane, width, isNegated, fill } = of
  const { columns, rows } = plane
  const across = columns.covered.length
  const needed = Math.max(0, columns.to - columns.from)
  // Rows first: the inner loop runs along memory. One output row at a time, for the columns that are needed.
  const strip = new Float64Array(needed)
  const scale = isNegated ? -slope : slope
  const offset = (isNegated ? -intercept : intercept) - fill
  for (let out = 0; out < rows.covered.length; out += 1) {
    strip.fill(0)
    const start = rows.start[out] ?? 0
    const end = rows.start[out + 1] ?? 0
    for (let tap = start; tap < end; tap += 1) {
      const weight = rows.weights[tap] ?? 0
      const source = ((rows.first[out] ?? 0) + tap - start) * width + columns.from
      for (let at = 0; at < needed; at += 1) strip[at] = (strip[at] ?? 0) + weight * (values[source + at] ?? 0)
    }
    const shareOfRow = offset * (rows.covered[out] ?? 0)
    const base = out * across
    for (let column = 0; column < across; column += 1) {
      const first = (columns.first[column] ?? 0) - columns.from
      const from = columns.start[column] ?? 0
      const to = columns.start[column + 1] ?? 0
      let sum = 0
      for (let tap = from; tap < to; tap += 1) sum += (columns.weights[tap] ?? 0) * (strip[first + tap - from] ?? 0)
      picture[base + column] = scale * sum + shareOfRow * (columns.covered[column] ?? 0)
    }
  }
}

type Spread = {
  readonly slices: AxisWeights
  readonly index: number
  readonly across: Output
  readonly down: Output
  readonly through: Output
}

/** Adds a slice's picture to every output plane that it has a weight in. */
function spread(values: Float32Array, picture: Float64Array, { slices, index, across, down, through }: Spread): void {
  for (let plane = 0; plane < through.count; plane += 1) {
    const tap = index - (slices.first[plane] ?? 0) + (slices.start[plane] ?? 0)
    if (tap < (slices.start[plane] ?? 0) || tap >= (slices.start[plane + 1] ?? 0)) continue
    const weight = slices.weights[tap] ?? 0
    for (let row = 0; row < down.count; row += 1) {
      let at = plane * through.stride + row * down.stride
      const base = row * across.count
      for (let column = 0; column < across.count; column += 1) {
        values[at] = (values[at] ?? 0) + weight * (picture[base + column] ?? 0)
        at += across.stride
      }
    }
  }
}
