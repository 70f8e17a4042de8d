import type { OneVersusRest } from './confusion-matrix.ts'

/** Null: nothing below the line. */
export type ClassMetrics = {
  readonly support: number
  readonly precision: number | null
  readonly recall: number | null
  readonly specificity: number | null
  readonly f1: number | null
}

/** Precision TP/(TP+FP), recall TP/(TP+FN), specificity TN/(TN+FP), F1 2TP/(2TP+FP+FN). Methods 2.1. Oracle: scikit-learn 1.2.1 */
export function classMetrics({ tp, fp, fn, tn }: OneVersusRest): ClassMetrics {
  return {
    support: tp + fn,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    specificity: share(tn, tn + fp),
    f1: share(2 * tp, 2 * tp + fp + fn),
  }
}

/** F-beta: (1+b^2) TP / ((1+b^2) TP + b^2 FN + FP); null when nothing is below the line. */
export function fBeta({ tp, fp, fn }: OneVersusRest, beta: number): number | null {
  const weight = beta ** 2
  return share((1 + weight) * tp, (1 + weight) * tp + weight * fn + fp)
}

function share(above: number, below: number): number | null {
  return below === 0 ? null : above / below
}
