import { singletons } from '../agreement/chance-corrected.ts'
import type { Clusters } from '../cluster/clusters.ts'
import type { SquareMatrix } from '../matrix.ts'
import type { CrossedStudy } from '../mrmc/components.ts'
import { jackknifeAuc } from '../mrmc/jackknife-auc.ts'
import { jackknifeCovariance } from '../mrmc/jackknife-covariance.ts'
import { unbiasedAucCovariance } from '../mrmc/unbiased-auc-covariance.ts'
import { clusteredAucCovariance } from '../roc/clustered-auc.ts'
import { delongCovariance } from '../roc/delong.ts'
import { type StructuralComponents, structuralComponents } from '../roc/structural-components.ts'

export type Metric = 'empirical_auc' | 'binary_sens' | 'binary_spec'
export type CovarianceMethod = 'jackknife' | 'DeLong' | 'unbiased'

/** Ratings of every reader under every test, outside in: test, reader, case. */
export type Readings = {
  readonly truth: readonly number[]
  readonly ratings: readonly (readonly (readonly number[])[])[]
}

/** Metrics and covariance of a crossed study; null where a metric or the covariance is not defined. */
export function crossedStudy(
  { truth, ratings }: Readings,
  metric: Metric,
  method: CovarianceMethod,
): CrossedStudy | null {
  const scores = ratings.flat()
  if (metric !== 'empirical_auc') return binaryStudy({ truth, ratings }, metric === 'binary_sens' ? 1 : 0)
  const parts = componentsOf(truth, scores)
  if (parts === null) return null
  const covariance = aucCovariance(parts, scores, method)
  return covariance === null
    ? null
    : {
        theta: byTest(
          parts.map((one) => one.auc),
          ratings,
        ),
        covariance,
      }
}

/** The same with the units clustered in patients and Obuchowski's covariances. */
export function clusteredStudy({ truth, ratings }: Readings, clusters: Clusters): CrossedStudy | null {
  const parts = componentsOf(truth, ratings.flat())
  if (parts === null) return null
  const covariance = clusteredAucCovariance(parts, clusters)
  return typeof covariance === 'string'
    ? null
    : {
        theta: byTest(
          parts.map((one) => one.auc),
          ratings,
        ),
        covariance,
      }
}

/** Components of every score; null when only one class occurs. */
export function componentsOf(
  truth: readonly number[],
  scores: readonly (readonly number[])[],
): StructuralComponents[] | null {
  const parts = scores.map((one) => structuralComponents(truth, one))
  return parts.every((one) => typeof one === 'object') ? parts : null
}

export function aucCovariance(
  parts: readonly StructuralComponents[],
  scores: readonly (readonly number[])[],
  method: CovarianceMethod,
): SquareMatrix | null {
  if (method === 'jackknife') {
    const leftOut = parts.map((one, i) =>
      jackknifeAuc(one, scores[i] as readonly number[], singletons(scores[i]?.length ?? 0)),
    )
    return leftOut.every((one) => one !== null) ? jackknifeCovariance(leftOut) : null
  }
  const covariance =
    method === 'DeLong'
      ? delongCovariance(parts)
      : unbiasedAucCovariance(parts.map((components, i) => ({ components, scores: scores[i] as readonly number[] })))
  return typeof covariance === 'string' ? null : covariance
}

/** Sensitivity (of class 1) or specificity (of class 0) of binary calls, with the jackknife over the cases of that class. */
function binaryStudy({ truth, ratings }: Readings, ofClass: 0 | 1): CrossedStudy | null {
  const units = [...truth.keys()].filter((i) => truth[i] === ofClass)
  const n = units.length
  if (n < 2) return null
  const right = ratings.flat().map((calls) => units.map((i) => ((calls[i] as number) >= 1 === (ofClass === 1) ? 1 : 0)))
  const totals = right.map((one) => one.reduce<number>((a, b) => a + b, 0))
  const leftOut = right.map((one, s) => Float64Array.from(one, (hit) => ((totals[s] as number) - hit) / (n - 1)))
  return {
    theta: byTest(
      totals.map((total) => total / n),
      ratings,
    ),
    covariance: jackknifeCovariance(leftOut),
  }
}

function byTest(values: readonly number[], ratings: Readings['ratings']): number[][] {
  const readers = ratings[0]?.length ?? 0
  return ratings.map((_, i) => values.slice(i * readers, (i + 1) * readers))
}
