import { binomialCdf } from '../distribution/binomial.ts'
import { studentTwoSided } from '../distribution/student-t.ts'
import type { EvaluationDocument } from '../evaluation-document.ts'
import type { EvaluationMetric, EvaluationRow } from '../evaluation-row.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { quantile } from '../quantile.ts'
import { resultOf, rowOf } from './row.ts'

type ReadingTimes = EvaluationDocument['readingTimes'][number]

/** Milliseconds since the case was opened, of the events of one reading in their order. */
export function secondsOf(offsetsMs: readonly number[], idleCapSeconds: number): number {
  let total = 0
  let before = 0
  for (const offset of offsetsMs) {
    // A case opened again begins at 0 anew: what came before it was counted.
    const gap = offset < before ? offset : offset - before
    total += Math.min(gap / 1000, idleCapSeconds)
    before = offset
  }
  return total
}

const QUARTILES = [
  ['seconds_lower_quartile', 0.25],
  ['seconds_median', 0.5],
  ['seconds_upper_quartile', 0.75],
] as const

/**
 * Seconds a case of one reader in one modality: quartiles (type 7) with the distribution-free interval between order
 * statistics, and the ratio of time per 100 cases along the reader's order (regression of log seconds, t on n - 2). Every
 * case is another patient, so the cases are independent.
 *
 * @see Conover (1999) Practical Nonparametric Statistics s3.2 (quantiles). Oracle: plain R, lm
 */
export function readingTimeRows(times: ReadingTimes, level: number): EvaluationRow[] {
  const { cases, modality, reader, round } = times
  const sorted = Float64Array.from(cases, ({ seconds }) => seconds).toSorted()
  const row = (
    metric: EvaluationMetric,
    inference: Inference & { p?: number | null },
    interval: string,
  ): EvaluationRow =>
    rowOf(
      { modality, referenceModality: modality, feature: 'severity' },
      { analysis: 'reading_time', comparator: reader, against: round, referenceModality: null, feature: null, metric },
      resultOf(inference, { method: `${metric.replaceAll('_', '-')}/${interval}`, level, unit: 'reading' }),
    )
  return [
    ...QUARTILES.map(([metric, share]) => row(metric, quantileInference(sorted, share, level), 'order-statistics')),
    row('seconds_trend', trend(cases, level), 'log-linear-t'),
  ]
}

function quantileInference(sorted: Float64Array, share: number, level: number): Inference {
  const n = sorted.length
  const counted = { n, clusters: n }
  if (n === 0) return undefinedEstimate('no_units', counted)
  const tail = (1 - level) / 2
  // The largest r with P(X < r) <= tail, and the smallest s with P(X >= s) <= tail.
  let lower = 0
  while (lower < n && binomialCdf(lower, n, share) <= tail) lower++
  let upper = n
  while (upper > 0 && 1 - binomialCdf(upper - 1, n, share) <= tail) upper--
  const base = { estimate: quantile(sorted, share, 7), se: null, df: null, ...counted, flags: [] }
  if (lower < 1 || upper >= n) return { ...base, ci: null, reason: 'too_few_patients' }
  return { ...base, ci: { lower: sorted[lower - 1] as number, upper: sorted[upper] as number }, reason: null }
}

function trend(cases: ReadingTimes['cases'], level: number): Inference & { p: number | null } {
  const used = cases.filter(({ seconds }) => seconds > 0)
  const n = used.length
  const counted = { n, clusters: n }
  const x = used.map(({ position }) => position / 100)
  const y = used.map(({ seconds }) => Math.log(seconds))
  const [meanX, meanY] = [mean(x), mean(y)]
  let [sxx, sxy, syy] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [(x[i] as number) - meanX, (y[i] as number) - meanY]
    sxx += dx * dx
    sxy += dx * dy
    syy += dy * dy
  }
  if (n < 3 || sxx === 0) return { ...undefinedEstimate('too_few_patients', counted), p: null }
  const slope = sxy / sxx
  const variance = Math.max(0, syy - slope * sxy) / (n - 2) / sxx
  const range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
  // waldT takes t on the clusters less one; the line has two parameters.
  const inference = waldT({ estimate: slope, variance, n, clusters: n - 1, level, range })
  const { ci, se } = inference
  // A few cases in a row say nothing about a hundred: the ratio, or its limits, is then beyond any number.
  if (!Number.isFinite(Math.exp(slope))) return { ...undefinedEstimate('too_few_patients', counted), p: null }
  const limits = ci && { lower: Math.exp(ci.lower), upper: Math.exp(ci.upper) }
  const isBounded = limits !== null && Number.isFinite(limits.upper)
  return {
    ...inference,
    ...counted,
    estimate: Math.exp(slope),
    se: se === null ? null : se * Math.exp(slope),
    ci: isBounded ? limits : null,
    reason: limits !== null && !isBounded ? 'too_few_patients' : inference.reason,
    p: se === null || se === 0 ? null : studentTwoSided(slope / se, n - 2),
  }
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length
