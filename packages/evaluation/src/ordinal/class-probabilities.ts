import { onScale } from '../agreement/rating-table.ts'

/** Probabilities of each class per unit, row by row, with the true class. */
export type ClassProbabilities = {
  readonly truth: Int32Array
  readonly size: number
  /** `at[unit * size + class]`. */
  readonly at: Float64Array
}

/** @throws {RangeError} no units, lengths differ, a class off the scale, a probability outside [0, 1], rows that do not sum to 1 within 1e-3 */
export function classProbabilities(
  truth: ArrayLike<number>,
  rows: readonly (readonly number[])[],
  size: number,
): ClassProbabilities {
  if (truth.length !== rows.length || rows.length === 0)
    throw new RangeError(`classProbabilities: ${truth.length} and ${rows.length} units`)
  const at = new Float64Array(rows.length * size)
  rows.forEach((row, i) => {
    if (row.length !== size) throw new RangeError(`classProbabilities: unit ${i} has ${row.length} of ${size} classes`)
    let sum = 0
    row.forEach((p, k) => {
      if (!(p >= 0 && p <= 1)) throw new RangeError(`classProbabilities: unit ${i}, class ${k} is ${p}`)
      at[i * size + k] = p
      sum += p
    })
    if (Math.abs(sum - 1) > 1e-3) throw new RangeError(`classProbabilities: unit ${i} sums to ${sum}`)
  })
  return { truth: Int32Array.from({ length: rows.length }, (_, i) => onScale(truth[i], size)), size, at }
}

/** P(y >= cut) of each unit: the score for a cumulative event, where prevalence of the single grades does not matter. */
export function cumulativeScore({ truth, size, at }: ClassProbabilities, cut: number): Float64Array {
  return Float64Array.from(truth, (_, i) => {
    let total = 0
    for (let k = cut; k < size; k++) total += at[i * size + k] as number
    return total
  })
}

/** Probabilities of one class. */
export function classScore({ truth, size, at }: ClassProbabilities, category: number): Float64Array {
  return Float64Array.from(truth, (_, i) => at[i * size + category] as number)
}

/** Expected grade sum k p_k, a score for the concordance index. */
export function expectedGrade({ truth, size, at }: ClassProbabilities): Float64Array {
  return Float64Array.from(truth, (_, i) => {
    let total = 0
    for (let k = 1; k < size; k++) total += k * (at[i * size + k] as number)
    return total
  })
}
