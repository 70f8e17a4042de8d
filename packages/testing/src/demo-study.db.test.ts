import { expect, test } from 'vitest'
import { aDemoStudy } from './demo-study.ts'
import { useTestDatabase } from './postgres-fixture.ts'

const database = useTestDatabase()

test('simulated people take a small study from screening to an evaluation, through the procedures of every study', async () => {
  const { world, people, evaluationId } = await aDemoStudy(database(), {
    patients: 10,
    modalities: ['ct', 'xray'],
    model: true,
  })
  const { studyCode } = world
  expect(evaluationId).toBeDefined()
  const { readers } = await world.as('monitor').caller.assignments.progress({ studyCode })
  for (const { assigned, signed } of readers) expect(signed).toBe(assigned)
  const chains = await world.as('monitor').caller.readings.verifyChains({ studyCode })
  expect(chains).toMatchObject({ faults: [] })
  const [evaluation] = await people.statistician.api.evaluation.list.query({ studyCode })
  expect(evaluation).toMatchObject({ evaluationId, isStale: false })
}, 240_000)
