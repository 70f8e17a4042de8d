import type { EvaluationMetric } from '@facetgrade/evaluation/evaluation-row'
import type { Result } from '@facetgrade/evaluation/result'
import { count, decimal, pValue } from './format-number.ts'
import type { Words } from './language.ts'

/** Limits of a metric's scale, for display only: what the method gave is in the document. Null: unbounded. */
const LIMITS: Partial<Record<EvaluationMetric, readonly [number | null, number | null]>> = {
  weighted_kappa: [-1, 1],
  gwet_ac2: [-1, 1],
  conger_kappa: [-1, 1],
  krippendorff_alpha: [-1, 1],
  mcc: [-1, 1],
  mean_absolute_error: [0, null],
  brier: [0, 1],
  rps: [0, 1],
  calibration_in_the_large: [null, null],
  calibration_intercept: [null, null],
  calibration_slope: [null, null],
  seconds_median: [0, null],
  seconds_lower_quartile: [0, null],
  seconds_upper_quartile: [0, null],
  seconds_trend: [0, null],
}
const SHARE: readonly [number | null, number | null] = [0, 1]

export const isDifference = (analysis: string): boolean =>
  ['model_vs_reader', 'model_vs_panel', 'aided_vs_unaided', 'agreement_difference', 'hypothesis'].includes(analysis)

const isSeconds = (metric: EvaluationMetric): boolean => metric.startsWith('seconds_') && metric !== 'seconds_trend'

/** The interval as shown: cut at the limits of the metric's scale (of a difference: at -1 and 1). */
export function shownInterval(
  metric: EvaluationMetric,
  { ci }: Pick<Result, 'ci'>,
  difference = false,
): { lower: number; upper: number } | null {
  if (ci === null) return null
  const [lowest, highest] = difference ? [null, null] : (LIMITS[metric] ?? SHARE)
  return {
    lower: lowest === null ? ci.lower : Math.max(ci.lower, lowest),
    upper: highest === null ? ci.upper : Math.min(ci.upper, highest),
  }
}

export type ResultText = {
  /** `0.812`, or words that say it is not defined. */
  readonly estimate: string
  /** `(0.702, 0.921)` or empty. */
  readonly interval: string
  readonly p: string
  readonly pAdjusted: string
  readonly n: string
  readonly patients: string
  readonly missing: string
  /** Why something is missing and what to know before trusting the rest. */
  readonly notes: readonly string[]
}

/** A result as words and digits, the same in figures, tables and documents. */
export function resultText(words: Words, metric: EvaluationMetric, result: Result, difference = false): ResultText {
  const digits = isSeconds(metric) ? 1 : 3
  const interval = shownInterval(metric, result, difference)
  const flags = result.flags.filter((flag) => flag !== 'degenerate_variance' || result.reason === null)
  const { bound } = result
  return {
    estimate: result.estimate === null ? words.notDefined : decimal(result.estimate, digits),
    interval: interval === null ? '' : `(${decimal(interval.lower, digits)}, ${decimal(interval.upper, digits)})`,
    p: result.p === null ? '' : pValue(result.p),
    pAdjusted: result.pAdjusted === null ? '' : pValue(result.pAdjusted),
    n: count(result.n),
    patients: count(result.clusters),
    missing: count(result.nMissing),
    notes: [
      ...(result.reason === null ? [] : [words.reason[result.reason]]),
      ...flags.filter((flag) => flag !== 'wald_out_of_range' || interval !== null).map((flag) => words.flag[flag]),
      ...(bound === null ? [] : [(bound.side === 'lower' ? words.boundLower : words.boundUpper)(decimal(bound.value))]),
    ],
  }
}

/** `0.812 (0.702, 0.921)`; of an undefined one its reason. */
export function estimateText(words: Words, metric: EvaluationMetric, result: Result, difference = false): string {
  const { estimate, interval } = resultText(words, metric, result, difference)
  if (result.estimate === null)
    return result.reason === null ? estimate : words.notDefinedBecause(words.reason[result.reason])
  return interval === '' ? estimate : `${estimate} ${interval}`
}
