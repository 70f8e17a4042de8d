import { z } from 'zod'
import { Grade } from './cell.ts'

/** Why a model gives no grade for a cell. Abstaining is an answer; a guess outside what the model has seen is not. */
export const AbstainReason = z.enum([
  'no_point',
  'outside_volume',
  'missing_slices',
  'geometry_unproven',
  'wrong_body_part',
  'metal',
  'secondary_capture',
  'unlike_training',
  'modality_unsupported',
])
export type AbstainReason = z.infer<typeof AbstainReason>

const Probability = z.number().min(0).max(1)

/**
 * A model's answer for one feature, or the direct severity, of one joint.
 *
 * `probabilities`: calibrated, one per grade of the feature's scale, summing to 1 within 1e-6. `grade`: number of
 * cut-offs with P(y >= k) >= .5. `set`: contiguous conformal set of grades, never empty.
 */
export const PredictionOutput = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('graded'),
      probabilities: z.array(Probability).min(2).max(5),
      grade: Grade,
      set: z.array(Grade).min(1),
    })
    .superRefine(({ probabilities, grade, set }, context) => {
      const sum = probabilities.reduce((total, one) => total + one, 0)
      if (Math.abs(sum - 1) > 1e-6) context.addIssue({ code: 'custom', message: 'probabilities do not sum to 1' })
      if (grade !== gradeOf(probabilities))
        context.addIssue({ code: 'custom', message: 'grade is not that of the probabilities' })
      if (set.some((one, index) => one >= probabilities.length || (index > 0 && one !== (set[index - 1] ?? 0) + 1)))
        context.addIssue({ code: 'custom', message: 'set is not contiguous on the scale' })
    }),
  z.strictObject({ kind: z.literal('abstained'), reason: AbstainReason }),
])
export type PredictionOutput = z.infer<typeof PredictionOutput>

/** P(y >= k) for k = 1 … levels − 1 of probabilities per grade. */
export function cumulative(probabilities: readonly number[]): number[] {
  const tail: number[] = []
  let sum = 0
  for (let grade = probabilities.length - 1; grade >= 1; grade -= 1) {
    sum += probabilities[grade] ?? 0
    tail.unshift(sum)
  }
  return tail
}

/** The model's grade: number of cut-offs with P(y >= k) >= .5. Monotone because cumulative probabilities never rise. */
export function gradeOf(probabilities: readonly number[]): number {
  return cumulative(probabilities).filter((one) => one >= 0.5).length
}
