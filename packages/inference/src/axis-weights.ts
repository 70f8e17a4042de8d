import { PREPROCESSING } from './preprocessing.ts'

/** A linear map from the samples of one source axis to those of an output axis: a short run of weights per output. */
export type AxisWeights = {
  /** First source index of each output's run. */
  readonly first: Int32Array
  /** Where each output's run begins in `weights`; one more than there are outputs. */
  readonly start: Int32Array
  readonly weights: Float64Array
  /** Sum of each run: 1 inside the source, less where part of the output lies outside it. */
  readonly covered: Float64Array
  /** Source indices used by any output: [from, to). Empty where the output lies outside. */
  readonly from: number
  readonly to: number
}

/** Output sample i lies at `centre + (i − (count − 1) / 2) × step`; a negative step runs the other way. */
export type OutputAxis = { readonly centre: number; readonly step: number; readonly count: number }

/**
 * Weights for source samples at `positions` (ascending, in the units of the output axis, possibly uneven): each output is
 * the mean of the linear interpolant at the midpoints of a p-fold division of its voxel. Within half a step beyond an end
 * the edge value holds; farther out nothing is covered.
 *
 * @param spacing  of the source; where it is not given, the median of its steps
 */
export function axisWeights(
  positions: Float64Array,
  { centre, step, count }: OutputAxis,
  spacing: number = typicalStep(positions, Math.abs(step)),
): AxisWeights {
  const stencil = Math.min(PREPROCESSING.sampling.maximumStencil, Math.max(1, Math.round(Math.abs(step) / spacing)))
  const first = new Int32Array(count)
  const start = new Int32Array(count + 1)
  const covered = new Float64Array(count)
  const weights: number[] = []
  let from = positions.length
  let to = 0
  const run = new Map<number, number>()
  for (let output = 0; output < count; output += 1) {
    run.clear()
    const middle = centre + (output - (count - 1) / 2) * step
    for (let part = 0; part < stencil; part += 1) {
      addHat(run, positions, { at: middle + ((part + 0.5) / stencil - 0.5) * step, share: 1 / stencil, spacing })
    }
    const indices = [...run.keys()]
    const low = indices.length > 0 ? Math.min(...indices) : 0
    const high = indices.length > 0 ? Math.max(...indices) + 1 : 0
    first[output] = low
    start[output] = weights.length
    let sum = 0
    for (let index = low; index < high; index += 1) {
      const weight = run.get(index) ?? 0
      weights.push(weight)
      sum += weight
    }
    covered[output] = sum
    if (high > low) {
      from = Math.min(from, low)
      to = Math.max(to, high)
    }
  }
  start[count] = weights.length
  return { first, start, weights: Float64Array.from(weights), covered, from: Math.min(from, to), to }
}

/** Positions of evenly spaced samples from the first one. */
export function evenPositions(count: number, spacing: number): Float64Array {
  const positions = new Float64Array(count)
  for (let index = 0; index < count; index += 1) positions[index] = index * spacing
  return positions
}

function typicalStep(positions: Float64Array, fallback: number): number {
  const count = positions.length
  if (count < 2) return fallback
  const steps = Float64Array.from(
    { length: count - 1 },
    (_, index) => (positions[index + 1] ?? 0) - (positions[index] ?? 0),
  )
  return steps.toSorted()[(count - 1) >>> 1] ?? fallback
}

type Hat = { readonly at: number; readonly share: number; readonly spacing: number }

/** Adds the two weights of linear interpolation at one place; an edge holds for half a step beyond it. */
function addHat(run: Map<number, number>, positions: Float64Array, { at, share, spacing }: Hat): void {
  const last = positions.length - 1
  const [lowest, highest] = [positions[0] ?? 0, positions[last] ?? 0]
  const put = (index: number, weight: number): void => {
    if (weight !== 0) run.set(index, (run.get(index) ?? 0) + weight * share)
  }
  if (at <= lowest) {
    if (at >= lowest - spacing / 2) put(0, 1)
    return
  }
  if (at >= highest) {
    if (at <= highest + spacing / 2) put(last, 1)
    return
  }
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((positions[middle] ?? 0) <= at) low = middle
    else high = middle
  }
  const [below, above] = [positions[low] ?? 0, positions[high] ?? 0]
  const fraction = (at - below) / (above - below)
  put(low, 1 - fraction)
  put(high, fraction)
}
