import { normalCdf, normalQuantile } from '../distribution/normal.ts'
import { quantile } from '../quantile.ts'
import type { Interval } from '../result.ts'
import { deviance, mean } from '../sample-moments.ts'
import type { ClusterStatistic } from './cluster-statistic.ts'

/** Replicates in drawing order; null where the metric was not defined on the draw. */
export type Replicates = readonly (number | null)[]

export type BootstrapSummary = {
  readonly replicates: number
  readonly undefinedReplicates: number
  readonly sd: number
  /** The defined replicates, rising. */
  readonly sorted: Float64Array
}

/**
 * Defined replicates, counted and sorted.
 *
 * @returns `undefined_replicates` when more than `undefinedAtMost` of them are not defined, or fewer than two are
 * @see methods 2.11
 */
export function summariseReplicates(
  values: Replicates,
  undefinedAtMost: number,
): BootstrapSummary | 'undefined_replicates' {
  const defined = values.filter((one) => one !== null)
  const missing = values.length - defined.length
  if (defined.length < 2 || missing > undefinedAtMost * values.length) return 'undefined_replicates'
  const sorted = Float64Array.from(defined).sort()
  // Replicates that differ by rounding alone have no spread.
  const [lowest, highest] = [sorted[0] as number, sorted.at(-1) as number]
  const isConstant = highest - lowest <= 1e-12 * Math.max(1, Math.abs(highest))
  const sd = isConstant ? 0 : Math.sqrt(deviance(sorted) / (sorted.length - 1))
  return { replicates: values.length, undefinedReplicates: missing, sd, sorted }
}

/** Percentile interval, quantile type 7 by default. Poor below about 20 patients. Oracle: R quantile */
export function percentileInterval({ sorted }: BootstrapSummary, level: number, type: 6 | 7 = 7): Interval {
  const tail = (1 - level) / 2
  return { lower: quantile(sorted, tail, type), upper: quantile(sorted, 1 - tail, type) }
}

/** estimate - bias ± z sd, bias the mean replicate less the estimate. Oracle: boot.ci(type = "norm") */
export function normalInterval({ sorted, sd }: BootstrapSummary, estimate: number, level: number): Interval {
  const centre = 2 * estimate - mean(sorted)
  const half = normalQuantile((1 + level) / 2) * sd
  return { lower: centre - half, upper: centre + half }
}

/** Order statistics interpolated on the normal scale at (R+1) alpha, as boot prints them. Oracle: boot.ci(type = "perc") */
export function bootPercentile({ sorted }: BootstrapSummary, level: number): Interval {
  const tail = (1 - level) / 2
  return { lower: normalInterpolation(sorted, tail), upper: normalInterpolation(sorted, 1 - tail) }
}

/** 2 estimate less the opposite percentiles. Oracle: boot.ci(type = "basic") */
export function bootBasic(summary: BootstrapSummary, estimate: number, level: number): Interval {
  const { lower, upper } = bootPercentile(summary, level)
  return { lower: 2 * estimate - upper, upper: 2 * estimate - lower }
}

export type BcaInterval = {
  readonly bias: number
  readonly acceleration: number
  /** Percentiles that the correction arrives at. */
  readonly adjusted: readonly [number, number]
  readonly ci: Interval
}

/**
 * Bias-corrected accelerated interval, acceleration by leaving each patient out in turn.
 *
 * @returns `undefined_replicates` when the jackknife is undefined for a patient, or every replicate lies on one side
 * @see Efron (1987) JASA 82:171; methods 2.11. Oracle: plain R
 */
export function bcaInterval(
  summary: BootstrapSummary,
  of: {
    readonly estimate: number
    readonly jackknife: readonly (number | null)[]
    readonly level: number
    readonly type: 6 | 7
  },
): BcaInterval | 'undefined_replicates' {
  const { sorted } = summary
  const left = of.jackknife.filter((one) => one !== null)
  const share = sorted.filter((one) => one < of.estimate).length / sorted.length
  if (left.length < of.jackknife.length || left.length < 2 || share === 0 || share === 1) return 'undefined_replicates'
  const centre = mean(left)
  let cubes = 0
  let squares = 0
  for (const one of left) {
    cubes += (centre - one) ** 3
    squares += (centre - one) ** 2
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
  const bias = normalQuantile(share)
  const tail = (1 - of.level) / 2
  const adjust = (probability: number): number => {
    const z = bias + normalQuantile(probability)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const adjusted: [number, number] = [adjust(tail), adjust(1 - tail)]
  const ci = { lower: quantile(sorted, adjusted[0], of.type), upper: quantile(sorted, adjusted[1], of.type) }
  return { bias, acceleration, adjusted, ci }
}

/** One metric of a statistic with each patient left out in turn. */
export function jackknifeClusters(
  statistic: ClusterStatistic,
  of: { readonly clusters: number; readonly metric: number },
): (number | null)[] {
  const times = new Int32Array(of.clusters).fill(1)
  return Array.from({ length: of.clusters }, (_, k) => {
    times[k] = 0
    const value = statistic(times)[of.metric] ?? null
    times[k] = 1
    return value
  })
}

function normalInterpolation(sorted: Float64Array, probability: number): number {
  const n = sorted.length
  const place = (n + 1) * probability
  const whole = Math.floor(place)
  if (whole < 1) return sorted[0] as number
  if (whole >= n) return sorted[n - 1] as number
  const low = sorted[whole - 1] as number
  if (place === whole) return low
  const [za, zb] = [normalQuantile(whole / (n + 1)), normalQuantile((whole + 1) / (n + 1))]
  return low + ((normalQuantile(probability) - za) / (zb - za)) * ((sorted[whole] as number) - low)
}
