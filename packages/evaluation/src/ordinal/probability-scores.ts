import type { ClassProbabilities } from './class-probabilities.ts'

/**
 * Ranked probability score: mean over units of sum_{j < q-1} (F_ij - 1[y_i <= j])² / (q-1); 0 is perfect.
 *
 * @see Epstein (1969) J Appl Meteorol 8:985; methods 2.1. Oracle: numpy
 */
export function rankedProbabilityScore({ truth, size, at }: ClassProbabilities): number {
  let total = 0
  for (let i = 0; i < truth.length; i++) {
    let cumulative = 0
    for (let j = 0; j < size - 1; j++) {
      cumulative += at[i * size + j] as number
      total += (cumulative - ((truth[i] as number) <= j ? 1 : 0)) ** 2
    }
  }
  return total / (truth.length * (size - 1))
}

/** Mean over units of the summed squared errors of all classes; 0 to 2. */
export function multiclassBrier({ truth, size, at }: ClassProbabilities): number {
  let total = 0
  for (let i = 0; i < truth.length; i++) {
    for (let k = 0; k < size; k++) total += ((at[i * size + k] as number) - (truth[i] === k ? 1 : 0)) ** 2
  }
  return total / truth.length
}

/** Mean negative log probability of the true class, each kept at `floor` or above and the row rescaled to sum to 1. */
export function multiclassLogLoss({ truth, size, at }: ClassProbabilities, floor: number): number {
  if (!(floor > 0 && floor < 1)) throw new RangeError(`multiclassLogLoss: floor ${floor}`)
  let total = 0
  for (let i = 0; i < truth.length; i++) {
    let sum = 0
    for (let k = 0; k < size; k++) sum += Math.max(floor, at[i * size + k] as number)
    total -= Math.log(Math.max(floor, at[i * size + (truth[i] as number)] as number) / sum)
  }
  return total / truth.length
}

/** Class of the largest probability, the lowest when tied. The model's grade counts cut-offs instead: `cumulativeScore` >= .5. */
export function mostProbableClass({ truth, size, at }: ClassProbabilities): Int32Array {
  return truth.map((_, i) => {
    let best = 0
    for (let k = 1; k < size; k++) if ((at[i * size + k] as number) > (at[i * size + best] as number)) best = k
    return best
  })
}
