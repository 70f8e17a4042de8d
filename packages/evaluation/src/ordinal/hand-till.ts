import { structuralComponents } from '../roc/structural-components.ts'
import { type ClassProbabilities, classScore } from './class-probabilities.ts'

export type PairwiseAuc = {
  readonly first: number
  readonly second: number
  readonly auc: number
  readonly pairedUnits: number
}

/**
 * Pairwise separations A(i,j) = [AUC of p_i telling i from j + AUC of p_j telling j from i] / 2, on units of i and j only.
 * Pairs of which a class does not occur are left out.
 *
 * @see Hand & Till (2001) Mach Learn 45:171. Oracle: pROC 1.18.0 multiclass.roc, scikit-learn 1.2.1 ovo
 */
export function pairwiseAucs(data: ClassProbabilities): PairwiseAuc[] {
  const scores = Array.from({ length: data.size }, (_, k) => classScore(data, k))
  const pairs: PairwiseAuc[] = []
  for (let first = 0; first < data.size; first++) {
    for (let second = first + 1; second < data.size; second++) {
      const units = [...data.truth.keys()].filter((i) => data.truth[i] === first || data.truth[i] === second)
      const forward = separate(data, { units, score: scores[first] as Float64Array, positive: first })
      const backward = separate(data, { units, score: scores[second] as Float64Array, positive: second })
      if (forward === null || backward === null) continue
      pairs.push({ first, second, auc: (forward + backward) / 2, pairedUnits: units.length })
    }
  }
  return pairs
}

/** Hand & Till's M: mean of the pairwise separations, free of prevalence. Null when fewer than two classes occur. */
export function handTill(pairs: readonly PairwiseAuc[]): number | null {
  return pairs.length === 0 ? null : pairs.reduce((sum, one) => sum + one.auc, 0) / pairs.length
}

/** The same weighted by the units of each pair. Depends on prevalence. Oracle: scikit-learn 1.2.1 ovo, average = "weighted" */
export function handTillWeighted(pairs: readonly PairwiseAuc[]): number | null {
  const total = pairs.reduce((sum, one) => sum + one.pairedUnits, 0)
  return total === 0 ? null : pairs.reduce((sum, one) => sum + one.auc * one.pairedUnits, 0) / total
}

/** AUC of each class against all others; null where the class, or everything else, does not occur. */
export function oneVersusRestAucs(data: ClassProbabilities): (number | null)[] {
  const units = [...data.truth.keys()]
  return Array.from({ length: data.size }, (_, k) => separate(data, { units, score: classScore(data, k), positive: k }))
}

/** AUC over all (unit, class) pairs pooled. Oracle: scikit-learn average = "micro" */
export function microAuc({ truth, size, at }: ClassProbabilities): number | null {
  const hits = Uint8Array.from(at, (_, index) => (truth[Math.floor(index / size)] === index % size ? 1 : 0))
  const components = structuralComponents(hits, at)
  return typeof components === 'string' ? null : components.auc
}

type Separation = { units: readonly number[]; score: Float64Array; positive: number }

function separate(data: ClassProbabilities, { units, score, positive }: Separation): number | null {
  const truth = Uint8Array.from(units, (i) => (data.truth[i] === positive ? 1 : 0))
  const components = structuralComponents(
    truth,
    Float64Array.from(units, (i) => score[i] as number),
  )
  return typeof components === 'string' ? null : components.auc
}
