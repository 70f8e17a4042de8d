import { structuralComponents } from '../roc/structural-components.ts'

/**
 * AUC of one score for each cumulative event "grade >= cut", cuts 1 … size-1: what is reported for ordinal grades.
 *
 * @returns per cut; null where every unit, or none, reaches the cut
 * @throws {RangeError} lengths differ
 * @see methods 2.7. Oracle: pROC 1.18.0
 */
export function cumulativeAucs(truth: ArrayLike<number>, scores: ArrayLike<number>, size: number): (number | null)[] {
  return Array.from({ length: size - 1 }, (_, i) => {
    const components = structuralComponents(
      Uint8Array.from(truth, (grade) => (grade > i ? 1 : 0)),
      scores,
    )
    return typeof components === 'string' ? null : components.auc
  })
}

/** AUC between each pair of neighbouring grades, on units of those two only. Null where either does not occur. */
export function adjacentAucs(truth: ArrayLike<number>, scores: ArrayLike<number>, size: number): (number | null)[] {
  return Array.from({ length: size - 1 }, (_, low) => {
    const units: number[] = []
    for (let i = 0; i < truth.length; i++) if (truth[i] === low || truth[i] === low + 1) units.push(i)
    const components = structuralComponents(
      Uint8Array.from(units, (i) => (truth[i] === low + 1 ? 1 : 0)),
      Float64Array.from(units, (i) => scores[i] as number),
    )
    return typeof components === 'string' ? null : components.auc
  })
}
