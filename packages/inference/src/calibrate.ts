import { gradeOf, type PredictionOutput } from '@facetgrade/grading/prediction'
import type { Head } from './model-manifest.ts'

/**
 * Calibrated answer of one head.
 *
 * P(grade ≥ k) = sigmoid(l_k / temperature + shift_k), then the running minimum over k, so that it never rises;
 * probabilities per grade are its differences. The conformal set is the hull of the grades whose probability reaches the
 * grade's own bound, and of the model's grade.
 *
 * @param logits  one per cut-off of the head
 * @throws {RangeError} another number of logits, or one that is no number
 */
export function calibrated(
  { levels, temperature, shifts, conformal }: Head,
  logits: ArrayLike<number>,
): PredictionOutput {
  if (logits.length !== levels - 1) throw new RangeError('calibrated: one logit per cut-off')
  const tail = [1]
  for (let cut = 0; cut < levels - 1; cut += 1) {
    const logit = (logits[cut] ?? Number.NaN) / temperature + (shifts[cut] ?? 0)
    if (!Number.isFinite(logit)) throw new RangeError('calibrated: a logit is no number')
    tail.push(Math.min(tail[cut] ?? 1, 1 / (1 + Math.exp(-logit))))
  }
  tail.push(0)
  const probabilities = Array.from({ length: levels }, (_, grade) => (tail[grade] ?? 0) - (tail[grade + 1] ?? 0))
  const grade = gradeOf(probabilities)
  const held = probabilities.flatMap((one, index) => (one >= (conformal.minimumProbability[index] ?? 1) ? [index] : []))
  const [low, high] = [Math.min(grade, ...held), Math.max(grade, ...held)]
  return {
    kind: 'graded',
    probabilities,
    grade,
    set: Array.from({ length: high - low + 1 }, (_, index) => low + index),
  }
}
