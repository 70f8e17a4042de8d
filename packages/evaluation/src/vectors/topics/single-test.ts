import { normalQuantile } from '../../distribution/normal.ts'
import { entryOf } from '../../matrix.ts'
import { partialAuc, rocValueAt } from '../../roc/partial-auc.ts'
import { rocCurve } from '../../roc/roc-curve.ts'
import { clipped } from '../answers.ts'
import { aucCovariance, type CovarianceMethod, componentsOf } from '../crossed-study.ts'
import type { Json } from '../json.ts'
import { type EntryContext, numbersOf, type Topic } from '../vector-input.ts'

const single =
  (method: CovarianceMethod) =>
  ({ input }: EntryContext): Json => {
    const scores = [numbersOf(input, 'rating')]
    const parts = componentsOf(numbersOf(input, 'truth'), scores)
    const covariance = parts && aucCovariance(parts, scores, method)
    const auc = parts?.[0]?.auc
    if (auc === undefined) return null
    const se = covariance === null ? null : Math.sqrt(entryOf(covariance, 0, 0))
    const half = se === null ? null : normalQuantile(0.975) * se
    return {
      empirical_auc: auc,
      StdErr: se,
      'CI.Lower': half === null ? null : clipped(auc - half),
      'CI.Upper': half === null ? null : clipped(auc + half),
    }
  }

function onCurve(
  { input, named }: EntryContext,
  pick: (curve: Exclude<ReturnType<typeof rocCurve>, string>, value: number) => number,
): Json {
  const curve = rocCurve(numbersOf(input, 'truth'), numbersOf(input, 'rating'))
  const value = named[0]
  return typeof curve === 'string' || value === undefined ? null : pick(curve, value)
}

export const singleTestTopic: Topic = {
  stmc_jackknife: single('jackknife'),
  stmc_DeLong: single('DeLong'),
  stmc_unbiased: single('unbiased'),
  'sens_at_spec_*_interpolated': (of) => onCurve(of, (curve, value) => rocValueAt(curve, 'specificity', value)),
  'spec_at_sens_*_interpolated': (of) => onCurve(of, (curve, value) => rocValueAt(curve, 'sensitivity', value)),
  'partial_auc_spec_*': (of) => onCurve(of, (curve, value) => partialAuc(curve, 'specificity', value).area),
  'partial_auc_sens_*': (of) => onCurve(of, (curve, value) => partialAuc(curve, 'sensitivity', value).area),
}
