import type { ConfusionMatrix } from './confusion-matrix.ts'

export type OrdinalError = {
  /** Mean |truth - called| in grades. */
  readonly meanAbsolute: number
  /** The same, first within each grade of the truth, then over the grades that occur: a rare grade counts in full. */
  readonly macroMeanAbsolute: number
  readonly withinOneGrade: number
}

/** Errors in grades. Methods 2.1. Oracle: scikit-learn 1.2.1 mean_absolute_error, numpy */
export function ordinalError({ size, counts, n }: ConfusionMatrix): OrdinalError {
  let total = 0
  let near = 0
  let macro = 0
  let present = 0
  for (let truth = 0; truth < size; truth++) {
    let support = 0
    let distance = 0
    for (let called = 0; called < size; called++) {
      const count = counts[truth * size + called] as number
      const steps = Math.abs(truth - called)
      support += count
      distance += count * steps
      if (steps <= 1) near += count
    }
    total += distance
    if (support === 0) continue
    macro += distance / support
    present++
  }
  return { meanAbsolute: total / n, macroMeanAbsolute: macro / present, withinOneGrade: near / n }
}
