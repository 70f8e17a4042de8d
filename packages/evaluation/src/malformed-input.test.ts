import { expect, test } from 'vitest'
import { agreementWeights } from './agreement/agreement-weights.ts'
import { clusteredKappa } from './agreement/clustered-kappa.ts'
import { intraclassCorrelation } from './agreement/intraclass-correlation.ts'
import { ratingMatrix } from './agreement/rating-matrix.ts'
import { brierScore } from './calibration/brier-score.ts'
import { logisticRecalibration } from './calibration/logistic-recalibration.ts'
import { clusteredDifference } from './cluster/clustered-difference.ts'
import { clusteredRatio } from './cluster/clustered-ratio.ts'
import { clustersOf } from './cluster/clusters.ts'
import { confusionMatrix } from './counts/confusion-matrix.ts'
import { modelVersusPanel } from './mrmc/model-versus-panel.ts'
import { holm } from './multiplicity/holm.ts'
import { marginTest } from './multiplicity/noninferiority.ts'
import { wilson } from './proportion/wilson.ts'
import { structuralComponents } from './roc/structural-components.ts'

const two = clustersOf(['a', 'b'])
const weights = agreementWeights('quadratic', 4)

test.each<[string, () => unknown]>([
  ['unequal lengths of truth and score', () => structuralComponents([0, 1], [1])],
  ['a truth that is neither 0 nor 1', () => structuralComponents([0, 2], [1, 2])],
  ['a score that is not a number', () => structuralComponents([0, 1], [Number.NaN, 2])],
  ['a grade off the scale', () => clusteredKappa({ first: [0, 4], second: [0, 1], weights }, two, 0.95)],
  ['a grade between two', () => confusionMatrix([0.5], [0], 4)],
  ['clusters of another number of units', () => clusteredKappa({ first: [0], second: [0], weights }, two, 0.95)],
  [
    'an outcome that is not a number',
    () => clusteredDifference([Number.NaN, 1], [0, 1], { clusters: two, level: 0.95 }),
  ],
  ['a level of 95', () => clusteredDifference([0, 1], [1, 1], { clusters: two, level: 95 })],
  [
    'a numerator longer than its denominator',
    () => clusteredRatio({ numerator: [1, 1], denominator: [1], clusters: two, level: 0.95, domain: 'all' }),
  ],
  ['a probability above 1', () => brierScore([0, 1], [0.2, 1.2])],
  ['more successes than trials', () => wilson(3, 2, 0.95)],
  ['a p-value above 1', () => holm([0.2, 1.1])],
  ['a margin of 0', () => marginTest(0.1, 0.1, { df: 5, margin: 0, level: 0.95 })],
  [
    'rows of unequal length',
    () => intraclassCorrelation([[1, 2], [1]], { model: 'twoway', type: 'agreement', unit: 'single' }, 0.95),
  ],
  ['one rater', () => ratingMatrix([[1], [2]], 4)],
  [
    'a covariance of another size',
    () => modelVersusPanel({ model: 0.9, readers: [0.8] }, { size: 1, at: new Float64Array(1) }, 0.95),
  ],
])('%s is refused', (_, malformed) => {
  expect(malformed).toThrow(RangeError)
})

test('what cannot be estimated has a reason instead of a number', () => {
  expect(structuralComponents([1, 1], [0, 1])).toBe('no_negatives')
  expect(structuralComponents([], [])).toBe('no_units')
  expect(logisticRecalibration([1, 1], [0.5, 0.6], { clusters: two })).toBe('one_class')
  expect(logisticRecalibration([0, 1], [0.4, 0.6], { clusters: two })).toBe('not_converged')
  expect(marginTest(0.1, 0, { df: 5, margin: 0.05, level: 0.95 })).toBe('zero_variance')
})
