import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agreementWeights } from '../agreement/agreement-weights.ts'
import { congerKappa } from '../agreement/conger-kappa.ts'
import { gwetInfluence } from '../agreement/gwet-coefficient.ts'
import { gwetManyRaters } from '../agreement/gwet-many-raters.ts'
import { krippendorffAlpha } from '../agreement/krippendorff-alpha.ts'
import { ratingMatrix } from '../agreement/rating-matrix.ts'
import { calibrationError, reliabilityBins } from '../calibration/reliability-bins.ts'
import { matthewsCorrelation } from '../counts/class-averages.ts'
import { confusionMatrix } from '../counts/confusion-matrix.ts'
import { classProbabilities } from '../ordinal/class-probabilities.ts'
import { concordance } from '../ordinal/concordance.ts'
import { handTill, pairwiseAucs } from '../ordinal/hand-till.ts'
import { type StatisticSpec, statisticOf } from './bootstrap-job.ts'

// A statistic under "every patient drawn t times" is the kernel on data in which every unit occurs t times.
const TIMES = [2, 0, 1, 3, 1]
const unit = fc.record({
  patient: fc.integer({ min: 0, max: TIMES.length - 1 }),
  truth: fc.integer({ min: 0, max: 3 }),
  rated: fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: 3, maxLength: 3 }),
  weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
})
type Unit = { patient: number; truth: number; rated: (number | null)[]; weights: number[] }
const units = fc.array(unit, { minLength: 4, maxLength: 40 })

const drawn = (given: readonly Unit[]): Unit[] =>
  given.flatMap((one) => Array.from({ length: TIMES[one.patient] ?? 0 }, () => one))
const clusters = (given: readonly Unit[]) => ({
  of: Int32Array.from(given, ({ patient }) => patient),
  count: TIMES.length,
})
const under = (spec: StatisticSpec, given: readonly Unit[]) => statisticOf(spec, clusters(given))(TIMES)
const shares = ({ weights }: Unit): number[] => weights.map((one) => one / weights.reduce((a, b) => a + b, 0))
const number = (value: number | string | null): number | null => (typeof value === 'number' ? value : null)
/** The statistic's value, to be held against the kernel's: null against null, else to ten digits. */
const rounded = (value: number | null | undefined): number | null | undefined =>
  typeof value === 'number' ? Number(value.toFixed(9)) + 0 : value

test('of graded probabilities: Hand and Till, concordance, calibration error', () => {
  fc.assert(
    fc.property(units, (given) => {
      const whole = drawn(given)
      fc.pre(whole.length > 0)
      const truth = Int8Array.from(given, (one) => one.truth)
      const at = Float64Array.from(given.flatMap(shares))
      const classes = classProbabilities(
        whole.map((one) => one.truth),
        whole.map(shares),
        4,
      )
      expect(rounded(under({ kind: 'hand_till', truth, size: 4, at }, given)[0])).toEqual(
        rounded(handTill(pairwiseAucs(classes))),
      )
      const score = (one: Unit): number => one.weights[0] ?? 0
      const index = concordance(
        whole.map((one) => one.truth),
        whole.map(score),
      )
      const spec = { kind: 'concordance', truth, size: 4, scores: Float64Array.from(given, score) } as const
      expect(rounded(under(spec, given)[0])).toEqual(rounded(typeof index === 'string' ? null : index.index))
      const positive = (one: Unit): number => (one.truth >= 2 ? 1 : 0)
      const p = (one: Unit): number => shares(one)[3] ?? 0
      const bins = reliabilityBins(whole.map(positive), whole.map(p), { bins: 10, closed: 'left' })
      const ece = {
        kind: 'ece',
        truth: Uint8Array.from(given, positive),
        probabilities: Float64Array.from(given, p),
        bins: 10,
      } as const
      expect(rounded(under(ece, given)[0])).toEqual(rounded(calibrationError(bins).expected))
    }),
    { numRuns: 60 },
  )
})

test('of grades: Matthews correlation, AC2, concordance from one table', () => {
  fc.assert(
    fc.property(units, (given) => {
      const whole = drawn(given)
      fc.pre(whole.length > 0)
      const rating = (one: Unit): number => one.rated[0] ?? 0
      const spec = {
        kind: 'grades',
        truth: Int8Array.from(given, (one) => one.truth),
        rated: Int8Array.from(given, rating),
        size: 4,
        metrics: [{ kind: 'mcc' }, { kind: 'gwet', scheme: 'quadratic' }, { kind: 'concordance' }],
      } as const
      const [mcc, gwet, index] = under(spec, given)
      const truth = whole.map((one) => one.truth)
      const rated = whole.map(rating)
      expect(rounded(mcc)).toEqual(rounded(matthewsCorrelation(confusionMatrix(truth, rated, 4))))
      const ac = gwetInfluence({ first: rated, second: truth, weights: agreementWeights('quadratic', 4) })
      expect(rounded(gwet)).toEqual(rounded(typeof ac === 'string' ? null : ac.estimate))
      const direct = concordance(truth, rated)
      expect(rounded(index)).toEqual(rounded(typeof direct === 'string' ? null : direct.index))
    }),
    { numRuns: 60 },
  )
})

test('of several raters with missing ratings: Conger, AC2, alpha', () => {
  fc.assert(
    fc.property(units, (given) => {
      const rated = given.filter((one) => one.rated.some((grade) => grade !== null))
      const whole = drawn(rated)
      fc.pre(whole.length > 0)
      const spec = {
        kind: 'ratings',
        ratings: ratingMatrix(
          rated.map((one) => one.rated),
          4,
        ),
        scheme: 'quadratic',
      } as const
      const [conger, gwet, alpha] = under(spec, rated)
      const ratings = ratingMatrix(
        whole.map((one) => one.rated),
        4,
      )
      const weights = agreementWeights('quadratic', 4)
      const direct = congerKappa(ratings, weights)
      expect(rounded(conger)).toEqual(rounded(typeof direct === 'string' ? null : direct.estimate))
      const ac = gwetManyRaters(ratings, weights)
      expect(rounded(gwet)).toEqual(rounded(typeof ac === 'string' ? null : ac.estimate))
      expect(rounded(alpha)).toEqual(rounded(number(krippendorffAlpha(ratings, 'ordinal'))))
    }),
    { numRuns: 60 },
  )
})

test('patients without a unit change nothing, however often they are drawn', () => {
  const spec = {
    kind: 'grades',
    truth: Int8Array.of(0, 2, 3),
    rated: Int8Array.of(0, 2, 1),
    size: 4,
    metrics: [{ kind: 'auc', cut: 2 }],
  } as const
  const statistic = statisticOf(spec, { of: Int32Array.of(0, 0, 1), count: 4 })
  expect(statistic([1, 1, 0, 0])).toEqual(statistic([1, 1, 9, 5]))
})
