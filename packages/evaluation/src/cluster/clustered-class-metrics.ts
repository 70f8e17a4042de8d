import { onScale } from '../agreement/rating-table.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { clusteredRatio } from './clustered-ratio.ts'
import { assertUnits, type Clusters } from './clusters.ts'
import { linearisedVariance } from './linearised-covariance.ts'

export type ClassMetric = 'precision' | 'recall' | 'f1'

export type ClassedUnits = {
  readonly truth: ArrayLike<number>
  readonly called: ArrayLike<number>
  /** Number of classes of the declared scale. */
  readonly size: number
  readonly clusters: Clusters
  readonly level: number
}

/**
 * Precision, recall or F1 of each class with patients as sampling units: ratios of random totals over all rows, so K
 * counts every patient.
 *
 * @returns per class, unitless; null `zero_denominator` where nothing is below the line
 * @throws {RangeError} lengths differ, a class off the scale
 * @see methods 2.3. Oracle: survey 4.1-1 svyratio
 */
export function clusteredClassMetrics(units: ClassedUnits, metric: ClassMetric): Inference[] {
  const { clusters, level } = units
  return Array.from({ length: units.size }, (_, c) => {
    const { numerator, denominator } = totals(units, metric, c)
    return clusteredRatio({ numerator, denominator, clusters, level, domain: 'all' })
  })
}

/**
 * Macro mean over the classes of the declared scale; influence is the mean of the classes' influences. Of the recalls of the
 * classes present in the truth it is the balanced accuracy.
 *
 * @param classes  of the scale; all of them when absent
 * @returns null `zero_denominator` when any class is undefined: a macro value with a 0 put in has no linearisation
 * @throws {RangeError} as `clusteredClassMetrics`
 * @see methods 2.3. Oracle: survey 4.1-1 svycontrast on totals
 */
export function clusteredMacro(
  units: ClassedUnits,
  metric: ClassMetric,
  classes: readonly number[] = Array.from({ length: units.size }, (_, c) => c),
): Inference {
  const { clusters, level } = units
  const size = classes.length
  const n = units.truth.length
  assertUnits(clusters, n, 'clusteredMacro')
  const counted = { n, clusters: clusters.count }
  if (n === 0 || size === 0) return undefinedEstimate('no_units', counted)
  const influence = new Float64Array(n)
  let estimate = 0
  for (const c of classes) {
    const { numerator, denominator } = totals(units, metric, c)
    let above = 0
    let below = 0
    for (let i = 0; i < n; i++) {
      above += numerator[i] as number
      below += denominator[i] as number
    }
    if (below === 0) return undefinedEstimate('zero_denominator', counted)
    const value = above / below
    estimate += value / size
    for (let i = 0; i < n; i++) {
      influence[i] =
        (influence[i] as number) + ((numerator[i] as number) - value * (denominator[i] as number)) / (below * size)
    }
  }
  return waldT({ estimate, variance: linearisedVariance(influence, clusters), ...counted, level, range: [0, 1] })
}

function totals(
  units: ClassedUnits,
  metric: ClassMetric,
  c: number,
): { numerator: Uint8Array; denominator: Uint8Array } {
  const { truth, called, size } = units
  const n = truth.length
  if (called.length !== n) throw new RangeError(`clusteredClassMetrics: ${n} and ${called.length} units`)
  const numerator = new Uint8Array(n)
  const denominator = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    const isTruth = onScale(truth[i], size) === c ? 1 : 0
    const isCalled = onScale(called[i], size) === c ? 1 : 0
    const both = isTruth * isCalled
    numerator[i] = metric === 'f1' ? 2 * both : both
    denominator[i] = metric === 'precision' ? isCalled : metric === 'recall' ? isTruth : isTruth + isCalled
  }
  return { numerator, denominator }
}
