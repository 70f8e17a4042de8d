import { type ConfusionMatrix, oneVersusRest } from './confusion-matrix.ts'

/**
 * Mean over the classes of the declared scale; a class whose value is undefined counts 0 and is named, so that the rule is
 * printed with the value. Macro-F1 is this mean of the classes' F1, never the F1 of macro-precision and macro-recall.
 *
 * @see methods 2.1. Oracle: scikit-learn 1.2.1 average = "macro", labels = scale, zero_division = 0
 */
export function macroAverage(values: readonly (number | null)[]): { value: number; undefinedClasses: number[] } {
  let total = 0
  const undefinedClasses: number[] = []
  values.forEach((value, index) => {
    if (value === null) undefinedClasses.push(index)
    else total += value
  })
  return { value: total / values.length, undefinedClasses }
}

/** Mean weighted by support; undefined classes count 0. Oracle: scikit-learn average = "weighted". */
export function weightedAverage(values: readonly (number | null)[], support: readonly number[]): number | null {
  const total = support.reduce((sum, one) => sum + one, 0)
  return total === 0
    ? null
    : values.reduce<number>((sum, value, i) => sum + (value ?? 0) * (support[i] ?? 0), 0) / total
}

/** Accuracy; with one label a unit it is also micro-precision, micro-recall and micro-F1, so those add nothing. */
export function accuracy({ size, counts, n }: ConfusionMatrix): number {
  let right = 0
  for (let c = 0; c < size; c++) right += counts[c * size + c] as number
  return right / n
}

/** Mean recall over the classes PRESENT in the truth. Oracle: scikit-learn 1.2.1 balanced_accuracy_score */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const recalls = oneVersusRest(matrix).flatMap(({ tp, fn }) => (tp + fn === 0 ? [] : [tp / (tp + fn)]))
  return recalls.reduce((sum, one) => sum + one, 0) / recalls.length
}

/**
 * Matthews correlation for any number of classes.
 *
 * @returns null when the truth, or the calls, are all of one class
 * @see Gorodkin (2004) Comput Biol Chem 28:367. Oracle: scikit-learn 1.2.1 matthews_corrcoef (which prints 0 there)
 */
export function matthewsCorrelation(matrix: ConfusionMatrix): number | null {
  const { n } = matrix
  const rest = oneVersusRest(matrix)
  let right = 0
  let product = 0
  let truthSquares = 0
  let calledSquares = 0
  for (const { tp, fp, fn } of rest) {
    right += tp
    product += (tp + fn) * (tp + fp)
    truthSquares += (tp + fn) ** 2
    calledSquares += (tp + fp) ** 2
  }
  const below = Math.sqrt((n ** 2 - truthSquares) * (n ** 2 - calledSquares))
  return below === 0 ? null : (right * n - product) / below
}
