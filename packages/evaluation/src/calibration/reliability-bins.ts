import { quantile } from '../quantile.ts'
import { assertProbabilities } from './probability-check.ts'

export type ReliabilityBin = {
  readonly bin: number
  readonly n: number
  readonly meanProbability: number
  readonly shareOfPositives: number
}

/**
 * Calibration table on fixed equal-width bins [0, 1/b), …, [1 - 1/b, 1]; empty bins are left out.
 *
 * @throws {RangeError} as `assertProbabilities`; bins not a whole number >= 1
 * @see methods 2.10. Oracle: plain R; scikit-learn 1.2.1 calibration_curve closes bins on the right (`closed: 'right'`)
 */
export function reliabilityBins(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  of: { readonly bins: number; readonly closed: 'left' | 'right' },
): ReliabilityBin[] {
  if (!Number.isInteger(of.bins) || of.bins < 1) throw new RangeError(`reliabilityBins: ${of.bins} bins`)
  const step = 1 / of.bins
  const edges = Array.from({ length: of.bins - 1 }, (_, i) => (i + 1) * step)
  return table(truth, probabilities, (p) =>
    of.closed === 'left' ? Math.min(of.bins - 1, Math.floor(p * of.bins)) : edges.filter((edge) => edge < p).length,
  )
}

/** The same on bins between quantiles (type 7) of the probabilities, closed on the right. Oracle: scikit-learn 1.2.1 strategy = "quantile" */
export function quantileBins(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins: number,
): ReliabilityBin[] {
  if (!Number.isInteger(bins) || bins < 1) throw new RangeError(`quantileBins: ${bins} bins`)
  const sorted = Float64Array.from(probabilities).sort()
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantile(sorted, (i + 1) / bins, 7))
  return table(truth, probabilities, (p) => edges.filter((edge) => edge < p).length)
}

export type CalibrationError = { readonly expected: number; readonly maximum: number }

/** Expected and maximum calibration error of a bin table. Depend on the bins: always shown with them, never optimised. */
export function calibrationError(bins: readonly ReliabilityBin[]): CalibrationError {
  const n = bins.reduce((sum, one) => sum + one.n, 0)
  let expected = 0
  let maximum = 0
  for (const { n: count, meanProbability, shareOfPositives } of bins) {
    const gap = Math.abs(shareOfPositives - meanProbability)
    expected += (gap * count) / n
    maximum = Math.max(maximum, gap)
  }
  return { expected, maximum }
}

function table(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  binOf: (p: number) => number,
): ReliabilityBin[] {
  assertProbabilities(truth, probabilities)
  const sums = new Map<number, { n: number; p: number; y: number }>()
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number
    const bin = binOf(p)
    const sum = sums.get(bin) ?? { n: 0, p: 0, y: 0 }
    sums.set(bin, { n: sum.n + 1, p: sum.p + p, y: sum.y + (truth[i] as number) })
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([bin, { n, p, y }]) => ({ bin, n, meanProbability: p / n, shareOfPositives: y / n }))
}
