import type { Inference } from '../inference.ts'
import type { Result } from '../result.ts'
import { clopperPearson } from './clopper-pearson.ts'

/**
 * What can be said where every joint is right, or every one wrong, and the variance vanishes: the one-sided exact bound
 * with patients as trials ("all joints of the patient right"), labelled as such. Null elsewhere.
 *
 * @see methods 2.3. One-sided at `level`: the two-sided Clopper–Pearson limit at 2 level - 1
 */
export function allPatientsBound(inference: Inference, level: number): Result['bound'] {
  const { estimate, clusters, reason } = inference
  if (level <= 0.5 || clusters < 1) return null
  if (reason !== 'zero_variance' && reason !== 'one_patient') return null
  if (estimate !== 0 && estimate !== 1) return null
  const { lower, upper } = clopperPearson(estimate * clusters, clusters, 2 * level - 1)
  const method = 'clopper-pearson/patients-one-sided'
  return estimate === 1 ? { side: 'lower', value: lower, method } : { side: 'upper', value: upper, method }
}
