import type { CellValue } from '@facetgrade/grading/cell'
import { describe, expect, test } from 'vitest'
import type { Comparator, EvaluationCell, EvaluationProtocol } from './comparator.ts'
import { defaultAnalysisPlan } from './default-analysis-plan.ts'
import { firstEvaluation } from './first-evaluation.ts'
import { missingSensitivity } from './missing-sensitivity.ts'
import { Result } from './result.ts'

const text = { en: 'x', zh: '某' }
const scale = [0, 1, 2, 3].map(() => ({ label: text, definition: text }))
const protocol: EvaluationProtocol = {
  modalities: ['ct'],
  features: [{ feature: 'narrowing', label: text, guidance: text, scales: { ct: scale } }],
  severity: { levels: scale },
  readerGroups: [
    { name: 'junior', label: text, role: 'compared', readers: 2, codePrefix: 'J' },
    { name: 'senior', label: text, role: 'reference', readers: 2, codePrefix: 'S' },
  ],
  referenceTargets: {},
  endpoints: {
    primary: ['f1'],
    secondary: ['accuracy'],
    cutGrades: [
      { modality: 'ct', feature: 'narrowing', cutGrade: 2 },
      { modality: 'ct', feature: 'severity', cutGrade: 2 },
    ],
  },
}
const plan = defaultAnalysisPlan(protocol)
const J1: Comparator = { code: 'J1', kind: 'reader', group: 'junior' }
const graded = (grade: number): CellValue => ({ kind: 'graded', grade })
const LEVELS = ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1'] as const

/** Reference and reader grades of each patient's joints, in order. */
function cells(
  patients: readonly (readonly (readonly [CellValue | number, CellValue | number])[])[],
): EvaluationCell[] {
  const value = (one: CellValue | number): CellValue => (typeof one === 'number' ? graded(one) : one)
  return patients.flatMap((joints, p) =>
    joints.map(([reference, rating], j) => ({
      patientCode: `P000000000${p}`,
      modality: 'ct' as const,
      level: LEVELS[Math.floor(j / 2)] ?? 'L5S1',
      side: j % 2 === 0 ? ('left' as const) : ('right' as const),
      feature: 'narrowing' as const,
      reference: value(reference),
      ratings: { J1: value(rating) },
    })),
  )
}

function evaluate(given: readonly EvaluationCell[], comparators: readonly Comparator[] = [J1]): Record<string, Result> {
  const { rows } = firstEvaluation({ protocol, plan, comparators, cells: given })
  for (const row of rows) Result.parse(row.result)
  return Object.fromEntries(rows.map((row) => [row.metric, row.result]))
}

describe('first evaluation', () => {
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

  test('counts at the cut grade give the textbook ratios', () => {
    const result = evaluate(small)
    expect(result['accuracy']?.estimate).toBeCloseTo(8 / 10, 14)
    expect(result['precision']?.estimate).toBeCloseTo(3 / 4, 14)
    expect(result['sensitivity']?.estimate).toBeCloseTo(3 / 4, 14)
    expect(result['specificity']?.estimate).toBeCloseTo(5 / 6, 14)
    expect(result['f1']?.estimate).toBeCloseTo(6 / 8, 14)
    expect(result['exact_agreement']?.estimate).toBeCloseTo(6 / 10, 14)
  })

  test('the accuracy interval is the ratio estimator by patient with t on patients less one', () => {
    const { accuracy } = evaluate(small)
    const residuals = [3 - 0.8 * 4, 2 - 0.8 * 3, 3 - 0.8 * 3]
    const se = Math.sqrt((3 / 2) * residuals.reduce((total, r) => total + r * r, 0)) / 10
    expect(accuracy?.se).toBeCloseTo(se, 14)
    expect(accuracy?.df).toBe(2)
    expect(accuracy?.ci?.upper).toBeCloseTo(0.8 + 4.302652729911275 * se, 9)
    expect(accuracy?.flags).toContain('few_clusters')
    expect(accuracy).toMatchObject({ n: 10, clusters: 3, unit: 'joint', target: 'fixed_readers' })
  })

  test('sensitivity counts the patients who have a positive joint', () => {
    const given = cells([
      [
        [2, 2],
        [3, 2],
      ],
      [[0, 0]],
      [[2, 0]],
    ])
    expect(evaluate(given)['sensitivity']).toMatchObject({ n: 3, clusters: 2 })
  })

  test('open cells are missing by side and kind, never grade 0, and each is counted once', () => {
    const open: CellValue = { kind: 'not_assessable', reason: { code: 'artefact' } }
    const given = cells([
      [
        [2, 2],
        [open, open],
        [1, open],
        [0, { kind: 'not_graded' }],
        [{ kind: 'not_graded' }, 1],
        [{ kind: 'not_applicable' }, 0],
      ],
    ])
    expect(evaluate(given)['accuracy']).toMatchObject({
      n: 1,
      nMissing: 4,
      missing: { raterNotAssessable: 1, raterNotGraded: 1, referenceNotAssessable: 1, referenceNotGraded: 1 },
    })
  })

  test('a rater without an answer has not graded the cell', () => {
    const given = small.map((cell) => ({ ...cell, ratings: {} }))
    expect(evaluate(given)['f1']).toMatchObject({
      estimate: null,
      reason: 'no_units',
      n: 0,
      missing: { raterNotGraded: 10 },
    })
  })

  test('no positive truth leaves sensitivity undefined, not 0', () => {
    const result = evaluate(
      cells([
        [
          [0, 0],
          [1, 0],
        ],
        [[0, 1]],
      ]),
    )
    expect(result['sensitivity']).toMatchObject({
      estimate: null,
      ci: null,
      reason: 'no_positives',
      flags: ['one_class'],
    })
    expect(result['precision']).toMatchObject({ estimate: null, reason: 'zero_denominator' })
    expect(result['f1']).toMatchObject({ estimate: null, reason: 'zero_denominator' })
  })

  test('kappa of one grade throughout is undefined', () => {
    expect(
      evaluate(
        cells([
          [
            [1, 1],
            [1, 1],
          ],
          [[1, 1]],
        ]),
      )['weighted_kappa'],
    ).toMatchObject({ estimate: null, reason: 'one_category' })
  })

  test('everything right has no interval but a bound on patients', () => {
    const { accuracy } = evaluate(cells([[[2, 2]], [[0, 0]], [[1, 1]]]))
    expect(accuracy).toMatchObject({ estimate: 1, se: 0, ci: null, reason: 'zero_variance' })
    expect(accuracy?.bound).toMatchObject({ side: 'lower', value: expect.closeTo(0.05 ** (1 / 3), 12) })
  })

  test('one patient has an estimate and no variance', () => {
    expect(
      evaluate(
        cells([
          [
            [2, 2],
            [0, 1],
            [0, 3],
          ],
        ]),
      )['accuracy'],
    ).toMatchObject({ se: null, ci: null, reason: 'one_patient', clusters: 1 })
  })

  test('without cells every estimate is null with its reason', () => {
    for (const result of Object.values(evaluate([])))
      expect(result).toMatchObject({ estimate: null, reason: 'no_units' })
  })

  test('readers who set the reference are refused as comparators', () => {
    expect(() => evaluate(small, [{ code: 'senior', kind: 'consensus', group: 'senior' }])).toThrow(RangeError)
    expect(() => evaluate(small, [{ code: 'S1', kind: 'reader', group: 'junior' }])).toThrow(/set the reference/)
  })

  test('a cell that occurs twice and a grade off the scale are refused', () => {
    expect(() => evaluate([...small, small[0] as EvaluationCell])).toThrow(/twice/)
    expect(() => evaluate(cells([[[4, 0]]]))).toThrow(RangeError)
  })

  test('the confusion table holds every counted joint', () => {
    const { tables } = firstEvaluation({ protocol, plan, comparators: [J1], cells: small })
    expect(tables[0]?.confusion).toEqual([
      [2, 0, 1, 0],
      [1, 2, 0, 0],
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ])
  })
})

describe('sensitivity to what raters left open', () => {
  const open: CellValue = { kind: 'not_assessable', reason: { code: 'artefact' } }
  // Truth 3, 0 and 1; the rater left the 3 of the first patient and the 1 of the second open.
  const given = cells([
    [
      [3, open],
      [0, 0],
    ],
    [
      [1, { kind: 'not_graded' }],
      [2, 2],
    ],
    [[0, 0]],
  ])
  const rows = missingSensitivity({ protocol, plan, comparators: [J1], cells: given })
  const result = (rule: string, metric: string): Result | undefined =>
    rows.find((row) => row.missingRule === rule && row.metric === metric)?.result

  test('open cells count as wrong calls, and as the grade farthest from the truth', () => {
    expect(result('as_wrong', 'accuracy')).toMatchObject({ estimate: 3 / 5, n: 5 })
    expect(result('as_wrong', 'sensitivity')?.estimate).toBe(1 / 2)
    expect(result('as_wrong', 'specificity')?.estimate).toBeCloseTo(2 / 3, 14)
    expect(result('as_wrong', 'exact_agreement')?.estimate).toBe(3 / 5)
  })

  test('open cells count as right, and the missing cells of the data stay counted', () => {
    expect(result('as_right', 'exact_agreement')).toMatchObject({
      estimate: 1,
      nMissing: 2,
      missing: { raterNotAssessable: 1, raterNotGraded: 1 },
      method: expect.stringContaining('missing-as-right'),
    })
    expect(result('as_right', 'f1')?.estimate).toBe(1)
  })

  test('a patient with an open cell is dropped with all joints', () => {
    expect(result('drop_patient', 'accuracy')).toMatchObject({ n: 1, clusters: 1 })
  })

  test('wrong, as observed and right stand in order', () => {
    const observed = evaluate(given)['accuracy']?.estimate ?? -1
    expect(result('as_wrong', 'accuracy')?.estimate).toBeLessThan(observed)
    expect(result('as_right', 'accuracy')?.estimate).toBeGreaterThanOrEqual(observed)
  })
})

describe('the default plan', () => {
  test('is valid, names the compared groups only, and can be locked as it is', () => {
    expect(plan.comparators).toEqual([{ group: 'junior', readers: true, consensus: true }])
    expect(plan.families.every((family) => family.adjust === 'holm')).toBe(true)
  })
})
