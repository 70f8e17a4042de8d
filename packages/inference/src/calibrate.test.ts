import { PredictionOutput } from '@facetgrade/grading/prediction'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calibrated } from './calibrate.ts'
import type { Head } from './model-manifest.ts'

const head: Head = {
  feature: 'narrowing',
  levels: 4,
  temperature: 2,
  shifts: [0, -1, 0.5],
  conformal: { alpha: 0.1, minimumProbability: [0.3, 0.3, 0.05, 0.3] },
  operatingPoints: [],
}

test('temperature, shift, running minimum and differences, by hand', () => {
  // 2/2 + 0 = 1 → .7311; 0/2 − 1 = −1 → .2689; 1/2 + .5 = 1 → .7311, held down to .2689.
  const output = calibrated(head, [2, 0, 1])
  expect(output).toMatchObject({ kind: 'graded', grade: 1 })
  const probabilities = output.kind === 'graded' ? output.probabilities : []
  for (const [index, wanted] of [0.268941, 0.462117, 0, 0.268941].entries())
    expect(probabilities[index]).toBeCloseTo(wanted, 6)
})

test('the set is contiguous and holds the grade', () => {
  const output = calibrated({ ...head, conformal: { alpha: 0.1, minimumProbability: [0.25, 1, 1, 0.25] } }, [2, 0, 1])
  expect(output).toMatchObject({ grade: 1, set: [0, 1, 2, 3] })
})

test('whatever the logits, the answer is a prediction', () => {
  const logit = fc.double({ min: -60, max: 60, noNaN: true })
  fc.assert(
    fc.property(fc.tuple(logit, logit, logit), (logits) => {
      expect(PredictionOutput.safeParse(calibrated(head, logits)).success).toBe(true)
    }),
  )
})

test.each([[[1, 2]], [[1, Number.NaN, 2]]])('%j is a bug of the caller', (logits) => {
  expect(() => calibrated(head, logits)).toThrow(RangeError)
})
