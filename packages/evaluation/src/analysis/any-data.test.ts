import { gradeOf } from '@facetgrade/grading/prediction'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparator, evaluated, graded, J1, J2, open, plan, unread } from '../../test/small-evaluation.ts'
import type { EvaluationCell } from '../comparator.ts'

const LEVELS = ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1'] as const
const answer = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 3 }).map(graded) },
  { weight: 1, arbitrary: fc.constant(open) },
  { weight: 1, arbitrary: fc.constant(unread) },
)
/** Sure, unsure, and as sure as can be. */
const shares = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }).map((weights) => {
    const total = weights.reduce((a, b) => a + b, 0)
    return weights.map((one) => one / total)
  }),
  fc.integer({ min: 0, max: 3 }).map((grade) => [0, 1, 2, 3].map((one) => (one === grade ? 1 : 0))),
)
const joint = fc.record({ reference: answer, J1: answer, J2: answer, S1: answer, S2: answer, model: fc.option(shares) })
const patients = fc.array(fc.array(joint, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 6 })

const comparators = [
  comparator('model', 'model', null),
  J1,
  J2,
  comparator('S1', 'reference_reader', 'senior'),
  comparator('S2', 'reference_reader', 'senior'),
]
const few = { ...plan, interval: { ...plan.interval, bootstrap: { ...plan.interval.bootstrap, replicates: 200 } } }

test('whatever a handful of patients looks like, the document keeps its format: no NaN, no infinity, a reason for every null', async () => {
  await fc.assert(
    fc.asyncProperty(patients, fc.constantFrom(null, -1, 0.3, 1), async (given, threshold) => {
      const cells = given.flatMap((joints, p) =>
        joints.map(({ reference, model, ...ratings }, j): EvaluationCell => {
          const grade = model === null ? open : graded(gradeOf(model))
          return {
            patientCode: `P${p}`,
            modality: 'ct',
            feature: 'narrowing',
            level: LEVELS[Math.floor(j / 2)] ?? 'L5S1',
            side: j % 2 === 0 ? 'left' : 'right',
            reference,
            ratings: { ...ratings, model: grade },
            ...(model === null ? {} : { probabilities: { model } }),
          }
        }),
      )
      const point = {
        comparator: 'model',
        modality: 'ct',
        referenceModality: 'ct',
        feature: 'narrowing',
        cutGrade: 2,
      } as const
      const chosen = { rule: 'youden', threshold, sensitivity: null, specificity: null, n: 0, patients: 0 } as const
      const facts = given.map((_, p) => ({
        patientCode: `P${p}`,
        sex: p % 2 ? 'F' : 'M',
        ageYears: 40 + 9 * p,
        site: null,
        exams: {},
      }))
      // `evaluated` parses the document by its schema: NaN and infinity are not numbers there.
      const { rows } = await evaluated(cells, {
        comparators,
        plan: few,
        facts,
        operatingPoints: [{ ...point, ...chosen }],
      })
      const unexplained = rows.filter(({ result }) => result.estimate === null && result.reason === null)
      expect(unexplained.map(({ id }) => id)).toEqual([])
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    }),
    { numRuns: 40 },
  )
}, 60_000)
