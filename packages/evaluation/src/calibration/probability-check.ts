import { splitByTruth } from '../roc/structural-components.ts'

/** @throws {RangeError} lengths differ, no units, truth other than 0 or 1, a probability outside [0, 1] */
export function assertProbabilities(truth: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  if (probabilities.length === 0) throw new RangeError('no probabilities')
  splitByTruth(truth, probabilities.length)
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] as number
    if (!(p >= 0 && p <= 1)) throw new RangeError(`probability ${i} is ${p}`)
  }
}

/** logit p, with p kept 1e-12 away from 0 and 1. */
export function clippedLogit(p: number): number {
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, p))
  return Math.log(inside / (1 - inside))
}
