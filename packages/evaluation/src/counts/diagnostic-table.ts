import { normalQuantile } from '../distribution/normal.ts'
import { clopperPearson } from '../proportion/clopper-pearson.ts'
import { wilson } from '../proportion/wilson.ts'

/** Truth against test, unclustered counts. */
export type DiagnosticTable = { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number }

/** Null: not defined, or unbounded. */
export type TableValue = {
  readonly estimate: number | null
  readonly lower: number | null
  readonly upper: number | null
}

const UNDEFINED: TableValue = { estimate: null, lower: null, upper: null }

/**
 * Proportions of a 2×2 table with unclustered intervals, Wilson (default) or Clopper–Pearson. For patient-level counts;
 * joints within patients take the clustered engine.
 *
 * @throws {RangeError} a count that is no whole number >= 0
 * @see methods 2.2. Oracle: epiR 2.0.57 epi.tests
 */
export function diagnosticProportions(
  table: DiagnosticTable,
  of: { readonly level: number; readonly method: 'wilson' | 'exact' },
): Record<ProportionName, TableValue> {
  const { tp, fp, fn, tn } = checked(table)
  const n = tp + fp + fn + tn
  const share = (x: number, of_: number): TableValue => {
    if (of_ === 0) return UNDEFINED
    const ci = of.method === 'wilson' ? wilson(x, of_, of.level) : clopperPearson(x, of_, of.level)
    return { estimate: x / of_, ...ci }
  }
  return {
    apparentPrevalence: share(tp + fp, n),
    truePrevalence: share(tp + fn, n),
    sensitivity: share(tp, tp + fn),
    specificity: share(tn, fp + tn),
    accuracy: share(tp + tn, n),
    positivePredictiveValue: share(tp, tp + fp),
    negativePredictiveValue: share(tn, fn + tn),
    ruledOut: share(fn + tn, n),
    ruledIn: share(tp + fp, n),
    falsePositive: share(fp, fp + tn),
    falseNegative: share(fn, tp + fn),
    falseDiscovery: share(fp, tp + fp),
    falseOmission: share(fn, fn + tn),
  }
}

export type ProportionName =
  | 'apparentPrevalence'
  | 'truePrevalence'
  | 'sensitivity'
  | 'specificity'
  | 'accuracy'
  | 'positivePredictiveValue'
  | 'negativePredictiveValue'
  | 'ruledOut'
  | 'ruledIn'
  | 'falsePositive'
  | 'falseNegative'
  | 'falseDiscovery'
  | 'falseOmission'

/** Likelihood ratios with log intervals. A ratio of 0 has the lower limit 0 and no upper one. Oracle: epiR 2.0.57 */
export function likelihoodRatios(
  table: DiagnosticTable,
  level: number,
): { positive: TableValue; negative: TableValue } {
  const { tp, fp, fn, tn } = checked(table)
  const [positives, negatives] = [tp + fn, fp + tn]
  if (positives === 0 || negatives === 0) return { positive: UNDEFINED, negative: UNDEFINED }
  return {
    positive: ratio({ a: tp, m: positives, b: fp, n: negatives }, level),
    negative: ratio({ a: fn, m: positives, b: tn, n: negatives }, level),
  }
}

/** tp tn / (fp fn) with Woolf's log interval; null when a cell is 0. Oracle: epiR 2.0.57 */
export function diagnosticOddsRatio(table: DiagnosticTable, level: number): TableValue {
  const { tp, fp, fn, tn } = checked(table)
  if (tp * fp * fn * tn === 0) return UNDEFINED
  const estimate = (tp * tn) / (fp * fn)
  const factor = Math.exp(normalQuantile((1 + level) / 2) * Math.sqrt(1 / tp + 1 / fp + 1 / fn + 1 / tn))
  return { estimate, lower: estimate / factor, upper: estimate * factor }
}

/** Youden's J, its limits from those of sensitivity and specificity: wide on purpose. Oracle: epiR 2.0.57 */
export function youdenIndex(sensitivity: TableValue, specificity: TableValue): TableValue {
  const add = (key: keyof TableValue): number | null => {
    const [a, b] = [sensitivity[key], specificity[key]]
    return a === null || b === null ? null : a + b - 1
  }
  return { estimate: add('estimate'), lower: add('lower'), upper: add('upper') }
}

function ratio({ a, m, b, n }: { a: number; m: number; b: number; n: number }, level: number): TableValue {
  if (b === 0) return UNDEFINED
  const estimate = a / m / (b / n)
  if (a === 0) return { estimate, lower: 0, upper: null }
  const factor = Math.exp(normalQuantile((1 + level) / 2) * Math.sqrt((1 - a / m) / a + (1 - b / n) / b))
  return { estimate, lower: estimate / factor, upper: estimate * factor }
}

function checked(table: DiagnosticTable): DiagnosticTable {
  for (const count of [table.tp, table.fp, table.fn, table.tn]) {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`diagnostic table: count ${count}`)
  }
  return table
}
