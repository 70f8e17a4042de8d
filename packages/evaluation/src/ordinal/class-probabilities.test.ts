import { expect, test } from 'vitest'
import { classProbabilities, cumulativeScore, expectedGrade } from './class-probabilities.ts'
import { rankedProbabilityScore } from './probability-scores.ts'

const data = classProbabilities(
  [2, 0],
  [
    [0.1, 0.2, 0.3, 0.4],
    [1, 0, 0, 0],
  ],
  4,
)

test('the score of a cumulative event is the probability of reaching the cut', () => {
  expect([...cumulativeScore(data, 2)]).toEqual([expect.closeTo(0.7, 14), 0])
})

test('the expected grade weighs each grade with its probability', () => {
  expect([...expectedGrade(data)]).toEqual([expect.closeTo(2, 14), 0])
})

test('a certain and right forecast has a ranked probability score of 0', () => {
  expect(rankedProbabilityScore(classProbabilities([1], [[0, 1, 0]], 3))).toBe(0)
})

test('probabilities that do not sum to 1 are refused', () => {
  expect(() => classProbabilities([0], [[0.5, 0.2]], 2)).toThrow(RangeError)
})
