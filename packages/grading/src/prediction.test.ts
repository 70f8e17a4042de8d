import { expect, test } from 'vitest'
import { cumulative, gradeOf, PredictionOutput } from './prediction.ts'

test('cumulative probabilities run from the lowest cut-off to the highest', () => {
  expect(cumulative([0.1, 0.2, 0.3, 0.4])).toEqual(
    [0.4 + 0.3 + 0.2, 0.4 + 0.3, 0.4].map((one) => expect.closeTo(one, 12)),
  )
})

test('the grade counts the cut-offs that are at least as likely as not', () => {
  expect(gradeOf([0.6, 0.2, 0.1, 0.1])).toBe(0)
  expect(gradeOf([0.1, 0.2, 0.3, 0.4])).toBe(2)
  expect(gradeOf([0, 0, 0, 1])).toBe(3)
})

test.each([
  ['probabilities that do not sum to 1', { probabilities: [0.5, 0.4], grade: 0, set: [0] }],
  ['a grade that is not that of the probabilities', { probabilities: [0.9, 0.1], grade: 1, set: [1] }],
  ['a set with a hole', { probabilities: [0.4, 0.1, 0.5], grade: 1, set: [0, 2] }],
  ['a set off the scale', { probabilities: [0.9, 0.1], grade: 0, set: [0, 1, 2] }],
  ['an empty set', { probabilities: [0.9, 0.1], grade: 0, set: [] }],
])('refuses %s', (_name, output) => {
  expect(PredictionOutput.safeParse({ kind: 'graded', ...output }).success).toBe(false)
})

test('an abstention carries its reason and no grade', () => {
  expect(PredictionOutput.parse({ kind: 'abstained', reason: 'metal' })).toEqual({ kind: 'abstained', reason: 'metal' })
})
