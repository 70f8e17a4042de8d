import { agreementWeights, type WeightScheme } from '../agreement/agreement-weights.ts'
import { weightedKappa } from '../agreement/weighted-kappa.ts'

/** A metric of one rater's grades against the truth. Binary ones call and count positive at grade >= cut. */
export type GradeMetric =
  | { readonly kind: 'auc'; readonly cut: number }
  | { readonly kind: 'accuracy' | 'precision' | 'sensitivity' | 'specificity' | 'f1'; readonly cut: number }
  | { readonly kind: 'kappa'; readonly scheme: WeightScheme }

/** Units by truth (down) and rating (across). */
export type GradeTable = { readonly size: number; readonly counts: Float64Array; readonly n: number }

/** The metric as a function of the table alone; null where it is not defined. Weights are looked up once, not per table. */
export function gradeMetric(metric: GradeMetric, size: number): (table: GradeTable) => number | null {
  switch (metric.kind) {
    case 'kappa': {
      const weights = agreementWeights(metric.scheme, size)
      return (table) => {
        const kappa = weightedKappa(table, weights)
        return typeof kappa === 'string' ? null : kappa.estimate
      }
    }
    case 'auc':
      return (table) => aucOf(table, metric.cut)
    default:
      return (table) => binaryOf(table, metric.kind, metric.cut)
  }
}

function aucOf({ size, counts }: GradeTable, cut: number): number | null {
  let won = 0
  let positives = 0
  let negatives = 0
  for (let grade = 0; grade < size; grade++) {
    let above = 0
    let below = 0
    for (let truth = 0; truth < size; truth++) {
      const count = counts[truth * size + grade] as number
      if (truth >= cut) above += count
      else below += count
    }
    won += above * (negatives + below / 2)
    positives += above
    negatives += below
  }
  return positives === 0 || negatives === 0 ? null : won / (positives * negatives)
}

function binaryOf(
  { size, counts, n }: GradeTable,
  kind: Exclude<GradeMetric['kind'], 'auc' | 'kappa'>,
  cut: number,
): number | null {
  let tp = 0
  let truePositives = 0
  let calls = 0
  for (let truth = 0; truth < size; truth++) {
    for (let grade = 0; grade < size; grade++) {
      const count = counts[truth * size + grade] as number
      if (truth >= cut) truePositives += count
      if (grade >= cut) calls += count
      if (truth >= cut && grade >= cut) tp += count
    }
  }
  const tn = n - truePositives - calls + tp
  switch (kind) {
    case 'accuracy':
      return share(tp + tn, n)
    case 'precision':
      return share(tp, calls)
    case 'sensitivity':
      return share(tp, truePositives)
    case 'specificity':
      return share(tn, n - truePositives)
    case 'f1':
      return share(2 * tp, truePositives + calls)
  }
}

function share(above: number, below: number): number | null {
  return below === 0 ? null : above / below
}
