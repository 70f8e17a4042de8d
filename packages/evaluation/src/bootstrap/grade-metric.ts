import { agreementWeights, type WeightScheme } from '../agreement/agreement-weights.ts'
import { weightedKappa } from '../agreement/weighted-kappa.ts'
import { matthewsCorrelation } from '../counts/class-averages.ts'

/** A metric of one rater's grades against the truth. Binary ones call and count positive at grade >= cut. */
export type GradeMetric =
  | { readonly kind: 'auc'; readonly cut: number }
  | { readonly kind: 'accuracy' | 'precision' | 'sensitivity' | 'specificity' | 'f1'; readonly cut: number }
  | { readonly kind: 'kappa' | 'gwet'; readonly scheme: WeightScheme }
  | { readonly kind: 'exact' | 'mcc' | 'concordance' }

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
    case 'gwet': {
      const weights = agreementWeights(metric.scheme, size)
      return (table) => gwetOf(table, weights.at)
    }
    case 'exact':
      return (table) => exactOf(table)
    case 'mcc':
      return (table) => (table.n === 0 ? null : matthewsCorrelation(table))
    case 'concordance':
      return (table) => concordanceOf(table)
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
  kind: 'accuracy' | 'precision' | 'sensitivity' | 'specificity' | 'f1',
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

/** Gwet's AC of two raters from their table: methods 2.8. */
function gwetOf({ size, counts, n }: GradeTable, weights: Float64Array): number | null {
  if (n === 0 || size < 2) return null
  let observed = 0
  let total = 0
  let chance = 0
  for (let a = 0; a < size; a++) {
    let share = 0
    for (let b = 0; b < size; b++) {
      observed += (weights[a * size + b] as number) * (counts[a * size + b] as number)
      total += weights[a * size + b] as number
      share += ((counts[a * size + b] as number) + (counts[b * size + a] as number)) / (2 * n)
    }
    chance += share * (1 - share)
  }
  const expected = (total / (size * (size - 1))) * chance
  return (observed / n - expected) / (1 - expected)
}

function exactOf({ size, counts, n }: GradeTable): number | null {
  let same = 0
  for (let a = 0; a < size; a++) same += counts[a * size + a] as number
  return share(same, n)
}

/** Concordance of the rating with the truth, over pairs of different truth; a tie counts one half. */
function concordanceOf({ size, counts }: GradeTable): number | null {
  let concordant = 0
  let pairs = 0
  for (let high = 1; high < size; high++) {
    for (let low = 0; low < high; low++) {
      let below = 0
      let highs = 0
      for (let grade = 0; grade < size; grade++) {
        const above = counts[high * size + grade] as number
        const under = counts[low * size + grade] as number
        concordant += above * (below + under / 2)
        below += under
        highs += above
      }
      pairs += highs * below
    }
  }
  return pairs === 0 ? null : concordant / pairs
}
