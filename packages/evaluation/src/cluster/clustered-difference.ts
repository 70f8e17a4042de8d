import { studentTwoSided } from '../distribution/student-t.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { assertUnits, type Clusters } from './clusters.ts'
import { linearisedVariance } from './linearised-covariance.ts'

/**
 * Mean paired difference of two per-unit outcomes (model less reader, or less the mean of fixed readers) on the same
 * joints: d_i = a_i - b_i, h_i = (d_i - D)/n, t(K-1).
 *
 * @param first, second  per unit 0, 1, or a share (mean over fixed readers)
 * @returns difference of proportions; `p` two-sided, null without a variance
 * @throws {RangeError} lengths differ
 * @see methods 2.3. Oracle: survey 4.1-1 svymean(~dif)
 */
export function clusteredDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  of: { readonly clusters: Clusters; readonly level: number },
): Inference & { readonly p: number | null } {
  const n = first.length
  if (second.length !== n) throw new RangeError(`clusteredDifference: ${n} and ${second.length} units`)
  assertUnits(of.clusters, n, 'clusteredDifference')
  const counted = { n, clusters: of.clusters.count }
  if (n === 0) return { ...undefinedEstimate('no_units', counted), p: null }
  let total = 0
  for (let i = 0; i < n; i++) total += (first[i] as number) - (second[i] as number)
  const estimate = total / n
  const influence = new Float64Array(n)
  for (let i = 0; i < n; i++) influence[i] = ((first[i] as number) - (second[i] as number) - estimate) / n
  return tested(
    waldT({
      estimate,
      variance: linearisedVariance(influence, of.clusters),
      ...counted,
      level: of.level,
      range: [-1, 1],
    }),
  )
}

/**
 * Difference of any two estimators on the same patients from their influences: two dependent kappas, two PPVs, two F1s.
 *
 * @param first, second  estimate and influence per unit, on the same units
 * @see methods 2.3, 2.8
 */
export function differenceOfEstimators(
  first: { readonly estimate: number; readonly influence: ArrayLike<number> },
  second: { readonly estimate: number; readonly influence: ArrayLike<number> },
  of: { readonly clusters: Clusters; readonly level: number },
): Inference & { readonly p: number | null } {
  const n = first.influence.length
  if (second.influence.length !== n)
    throw new RangeError(`differenceOfEstimators: ${n} and ${second.influence.length} units`)
  assertUnits(of.clusters, n, 'differenceOfEstimators')
  const influence = new Float64Array(n)
  for (let i = 0; i < n; i++) influence[i] = (first.influence[i] as number) - (second.influence[i] as number)
  const variance = linearisedVariance(influence, of.clusters)
  const estimate = first.estimate - second.estimate
  return tested(waldT({ estimate, variance, n, clusters: of.clusters.count, level: of.level, range: [-2, 2] }))
}

function tested(inference: Inference): Inference & { p: number | null } {
  const { estimate, se, df } = inference
  const testable = estimate !== null && se !== null && se > 0 && df !== null
  return { ...inference, p: testable ? studentTwoSided(estimate / se, df) : null }
}
