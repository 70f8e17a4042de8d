import type { Clusters } from '../cluster/clusters.ts'
import { linearisedVariance } from '../cluster/linearised-covariance.ts'
import type { ObservedAgreement } from './observed-agreement.ts'

export type ChanceCorrected = {
  readonly estimate: number
  readonly observed: number
  readonly expected: number
  /** For subjects sampled independently. */
  readonly se: number | null
  /** Influence per subject, centred and divided by their number: sum it by patient for a clustered interval. */
  readonly influence: Float64Array
}

/**
 * (pa - pe) / (1 - pe) and its linearised influence, from the agreement and the expected agreement that each subject adds.
 *
 * @param expectedBySubject  contribution of each subject to pe, whose mean over subjects is pe
 * @returns `one_category` when pe is 1
 * @see Gwet (2014) ch. 5. Oracle: irrCAC 1.0 (which rounds to five places)
 */
export function chanceCorrected(
  agreement: ObservedAgreement,
  expected: number,
  expectedBySubject: Float64Array,
): ChanceCorrected | 'one_category' {
  const rest = 1 - expected
  if (rest <= 1e-15) return 'one_category'
  const { observed, bySubject, rated, comparable } = agreement
  const subjects = rated.length
  const estimate = (observed - expected) / rest
  const influence = new Float64Array(subjects)
  for (let i = 0; i < subjects; i++) {
    const isCompared = (rated[i] as number) >= 2
    const own = isCompared ? ((subjects / comparable) * ((bySubject[i] as number) - expected)) / rest : 0
    const pull = (2 * (1 - estimate) * ((expectedBySubject[i] as number) - expected)) / rest
    influence[i] = (own - pull - estimate) / subjects
  }
  const variance = linearisedVariance(influence, singletons(subjects))
  return { estimate, observed, expected, se: variance === null ? null : Math.sqrt(variance), influence }
}

/** Every subject its own cluster. */
export function singletons(count: number): Clusters {
  return { of: Int32Array.from({ length: count }, (_, i) => i), count }
}
