import { expect, test } from 'vitest'
import { intervalCoverage } from './interval-coverage.ts'
import { simulatedStudy } from './simulated-study.ts'

const settings = { patients: 30, jointsPerPatient: 10, shared: 0.3, error: 0.6 }

test('nominal 95 % intervals hold the population value about that often (quick size)', () => {
  // 200 runs: a true 94.5 % stays within three and a half standard errors of 1.6 points.
  const outside = intervalCoverage(settings, { runs: 200, seed: 5, population: 10_000 }).filter(
    ({ covered }) => covered < 0.89 || covered > 0.995,
  )
  expect(outside).toEqual([])
}, 60_000)

test('the same seed simulates the same study, another one another', () => {
  expect(simulatedStudy(1, settings)).toEqual(simulatedStudy(1, settings))
  expect(simulatedStudy(1, settings).score).not.toEqual(simulatedStudy(2, settings).score)
})
