import { describe, expect, test } from 'vitest'
import { cells, comparator, evaluated, J1, open, rowOf, unread } from '../../test/small-evaluation.ts'
import type { EvaluationCell } from '../comparator.ts'
import type { Metric } from '../metric.ts'
import type { Result } from '../result.ts'

const results = async (
  given: readonly EvaluationCell[],
  missingRule: 'as_wrong' | 'as_right' | 'drop_patient' | null = null,
) => {
  const { rows } = await evaluated(given)
  return (metric: Metric): Result =>
    rowOf(rows, { analysis: 'performance', comparator: 'J1', metric, missingRule }).result
}

// 3 patients: TP 3, FP 1, FN 1, TN 5; worked by hand.
const small = cells([
  [
    [2, 2],
    [3, 1],
    [0, 0],
    [1, 1],
  ],
  [
    [2, 3],
    [0, 2],
    [0, 0],
  ],
  [
    [3, 3],
    [1, 0],
    [1, 1],
  ],
])

describe('a reader against the reference', () => {
  test('counts at the cut grade give the textbook ratios', async () => {
    const of = await results(small)
    expect(of('accuracy').estimate).toBeCloseTo(8 / 10, 11)
    expect(of('precision').estimate).toBeCloseTo(3 / 4, 11)
    expect(of('sensitivity').estimate).toBeCloseTo(3 / 4, 11)
    expect(of('specificity').estimate).toBeCloseTo(5 / 6, 11)
    expect(of('f1').estimate).toBeCloseTo(6 / 8, 11)
    expect(of('exact_agreement').estimate).toBeCloseTo(6 / 10, 11)
    // Positives 2, 1, 3, 3 against negatives 0, 1, 2, 0, 0, 1: 24 pairs, of which 21.5 are won.
    expect(of('auc').estimate).toBeCloseTo(21.5 / 24, 11)
  })

  test('the accuracy interval is the ratio estimator by patient with t on patients less one', async () => {
    const accuracy = (await results(small))('accuracy')
    const residuals = [3 - 0.8 * 4, 2 - 0.8 * 3, 3 - 0.8 * 3]
    const se = Math.sqrt((3 / 2) * residuals.reduce((total, r) => total + r * r, 0)) / 10
    expect(accuracy.se).toBeCloseTo(se, 11)
    expect(accuracy.df).toBe(2)
    expect(accuracy.ci?.upper).toBeCloseTo(0.8 + 4.302652729911275 * se, 9)
    expect(accuracy.flags).toContain('few_clusters')
    expect(accuracy).toMatchObject({ n: 10, clusters: 3, unit: 'joint', target: 'fixed_readers' })
  })

  test('sensitivity counts the patients who have a positive joint', async () => {
    const given = cells([
      [
        [2, 2],
        [3, 2],
      ],
      [[0, 0]],
      [[2, 0]],
    ])
    expect((await results(given))('sensitivity')).toMatchObject({ n: 3, clusters: 2 })
  })

  test('open cells are missing by side and kind, never grade 0, and each is counted once', async () => {
    const given = cells([
      [
        [2, 2],
        [open, open],
        [1, open],
        [0, unread],
        [unread, 1],
        [{ kind: 'not_applicable' }, 0],
      ],
    ])
    expect((await results(given))('accuracy')).toMatchObject({
      n: 1,
      nMissing: 4,
      missing: { raterNotAssessable: 1, raterNotGraded: 1, referenceNotAssessable: 1, referenceNotGraded: 1 },
    })
  })

  test('a reader who stopped half way is missing there, patient by patient', async () => {
    const given = small.map((cell) => ({ ...cell, ratings: cell.patientCode.endsWith('0') ? cell.ratings : {} }))
    expect((await results(given))('accuracy')).toMatchObject({ n: 4, clusters: 1, reason: 'one_patient', nMissing: 6 })
  })

  test('all missing: every estimate is null with its reason', async () => {
    const of = await results(small.map((cell) => ({ ...cell, ratings: {} })))
    expect(of('f1')).toMatchObject({ estimate: null, reason: 'no_units', n: 0, missing: { raterNotGraded: 10 } })
    const { rows } = await evaluated([])
    for (const { result } of rows) expect(result).toMatchObject({ estimate: null, ci: null })
  })

  test('one class of truth leaves what needs both undefined, not 0', async () => {
    const of = await results(
      cells([
        [
          [0, 0],
          [1, 0],
        ],
        [[0, 1]],
      ]),
    )
    expect(of('sensitivity')).toMatchObject({ estimate: null, ci: null, reason: 'no_positives', flags: ['one_class'] })
    expect(of('precision')).toMatchObject({ estimate: null, reason: 'zero_denominator' })
    expect(of('f1')).toMatchObject({ estimate: null, reason: 'zero_denominator' })
    expect(of('auc')).toMatchObject({ estimate: null, reason: 'no_positives' })
  })

  test('ties everywhere: kappa of one grade throughout is undefined, the AUC of a constant is a half without an interval', async () => {
    const of = await results(cells([[[1, 1]], [[1, 1]], [[1, 1]]]))
    expect(of('weighted_kappa')).toMatchObject({ estimate: null, reason: 'one_category' })
    const tied = await results(
      cells([
        [
          [2, 1],
          [0, 1],
        ],
        [
          [3, 1],
          [1, 1],
        ],
      ]),
    )
    expect(tied('auc')).toMatchObject({ estimate: 0.5, ci: null, reason: 'zero_variance' })
  })

  test('a bootstrap of what is not defined says why, as the primary line does', async () => {
    const { rows } = await evaluated(cells([[[1, 1]], [[1, 1]], [[1, 1]]]))
    const of = (metric: Metric) => rowOf(rows, { analysis: 'performance_bootstrap', comparator: 'J1', metric }).result
    expect(of('weighted_kappa')).toMatchObject({ estimate: null, ci: null, reason: 'one_category', n: 3 })
    expect(of('sensitivity')).toMatchObject({ estimate: null, reason: 'no_positives' })
  })

  test('everything right has no interval but a bound on patients', async () => {
    const accuracy = (await results(cells([[[2, 2]], [[0, 0]], [[1, 1]]])))('accuracy')
    expect(accuracy).toMatchObject({ estimate: 1, se: 0, ci: null, reason: 'zero_variance' })
    expect(accuracy.bound).toMatchObject({ side: 'lower', value: expect.closeTo(0.05 ** (1 / 3), 10) })
  })

  test('readers who set the reference are refused as comparators, and a code that is named twice', async () => {
    const among = (...comparators: ReturnType<typeof comparator>[]) => evaluated(small, { comparators })
    await expect(among(comparator('senior', 'consensus', 'senior'))).rejects.toThrow(RangeError)
    await expect(among(comparator('S1', 'reader', 'junior'))).rejects.toThrow(/set the reference/)
    await expect(among(J1, J1)).rejects.toThrow(/twice/)
    await expect(among(comparator('X1', 'reader', 'other'))).rejects.toThrow(/no group/)
  })

  test('a cell that occurs twice and a grade off the scale are refused', async () => {
    await expect(evaluated([...small, small[0] as EvaluationCell])).rejects.toThrow(/twice/)
    await expect(evaluated(cells([[[4, 0]]]))).rejects.toThrow(RangeError)
    const short = small.map((cell) => ({ ...cell, probabilities: { m: [0.5, 0.5] } }))
    await expect(evaluated(short, { comparators: [comparator('m', 'model', null)] })).rejects.toThrow(/probabilities/)
  })

  test('the confusion table holds every counted joint', async () => {
    const { confusion } = await evaluated(small)
    expect(confusion[0]?.counts).toEqual([
      [2, 0, 1, 0],
      [1, 2, 0, 0],
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ])
  })
})

describe('sensitivity to what raters left open', () => {
  // Truth 3, 0 and 1; the rater left the 3 of the first patient and the 1 of the second open.
  const given = cells([
    [
      [3, open],
      [0, 0],
    ],
    [
      [1, unread],
      [2, 2],
    ],
    [[0, 0]],
  ])

  test('open cells count as wrong calls, and as the grade farthest from the truth', async () => {
    const of = await results(given, 'as_wrong')
    expect(of('accuracy')).toMatchObject({ estimate: 3 / 5, n: 5 })
    expect(of('sensitivity').estimate).toBe(1 / 2)
    expect(of('specificity').estimate).toBeCloseTo(2 / 3, 11)
    expect(of('exact_agreement').estimate).toBe(3 / 5)
  })

  test('open cells count as right, and the missing cells of the data stay counted', async () => {
    const of = await results(given, 'as_right')
    expect(of('exact_agreement')).toMatchObject({
      estimate: 1,
      nMissing: 2,
      missing: { raterNotAssessable: 1, raterNotGraded: 1 },
      method: expect.stringContaining('missing-as-right'),
    })
    expect(of('f1').estimate).toBe(1)
  })

  test('a patient with an open cell is dropped with all joints', async () => {
    expect((await results(given, 'drop_patient'))('accuracy')).toMatchObject({ n: 1, clusters: 1 })
  })

  test('wrong, as observed and right stand in order', async () => {
    const [wrong, observed, right] = [
      (await results(given, 'as_wrong'))('accuracy').estimate ?? -1,
      (await results(given))('accuracy').estimate ?? -1,
      (await results(given, 'as_right'))('accuracy').estimate ?? -1,
    ]
    expect(wrong).toBeLessThan(observed)
    expect(right).toBeGreaterThanOrEqual(observed)
  })
})
