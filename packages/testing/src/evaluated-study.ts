import type { connect } from '@facetgrade/db/connect'
import { resampleHere } from '@facetgrade/evaluation/bootstrap/resample-here'
import type { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import { performEvaluation } from '@facetgrade/study/evaluation/perform-evaluation'
import { asSystemIn } from './behind-the-wall.ts'
import { aRoster, aSeal, aSignedReading, type ReaderName, type RosterPatient } from './signed-readings.ts'
import { TEST_PIN, type World } from './study-world.ts'

type Db = ReturnType<typeof connect>

/** What each reader answers, by the patient's place in the roster. */
export type Grader = (reader: ReaderName, patient: number, cell: CellKey, modality: Modality) => CellAnswer

/** As few as a plan may name: tests ask whether the numbers arrive, not how smooth an interval is. */
const FEWEST_RESAMPLES = 200

/** A roster read and signed by all four readers in every modality of each patient. */
export async function aReadStudy(
  db: Db,
  world: World,
  { roster, answer }: { roster: readonly { part: Part; modalities: readonly Modality[] }[]; answer: Grader },
): Promise<RosterPatient[]> {
  const patients = await aRoster(db, world, roster)
  await aSeal(db, world)
  for (const [index, patient] of patients.entries()) {
    for (const modality of roster[index]?.modalities ?? []) {
      for (const reader of ['J1', 'J2', 'S1', 'S2'] as const) {
        await aSignedReading(db, world, {
          reader,
          patient,
          modality,
          answer: (cell) => answer(reader, index, cell, modality),
        })
      }
    }
  }
  return patients
}

/** The pair of a group settles every open room, deciding by `choose` of the values A, B, and both confirm. */
export async function adjudicateAll(
  world: World,
  pair: readonly [ReaderName, ReaderName],
  choose: (values: readonly CellAnswer[]) => CellAnswer,
): Promise<void> {
  const { studyCode } = world
  const [first, second] = pair
  const { rows } = await world.as(first).caller.adjudication.rooms({ studyCode, take: 200 })
  for (const { roomId, state } of rows) {
    if (state !== 'open') continue
    const { items } = await world.as(first).caller.adjudication.open({ studyCode, roomId })
    for (const { itemId, values } of items) {
      const decisionId = crypto.randomUUID()
      await world.as(first).caller.adjudication.decide({ studyCode, itemId, decisionId, value: choose(values) })
    }
    for (const reader of [first, second]) {
      const { decisionsHash } = await world.as(reader).caller.adjudication.open({ studyCode, roomId })
      const proof = { method: 'pin' as const, pin: TEST_PIN }
      await world.as(reader).caller.adjudication.confirm({ studyCode, roomId, decisionsHash, proof })
    }
  }
}

/** The shipped plan, with few resamples, created, locked and the test part opened under it. */
export async function unsealWithDefaultPlan(world: World): Promise<{ planId: string }> {
  const { studyCode } = world
  const { plan } = world.as('statistician').caller
  const shipped = await plan.default({ studyCode })
  const bootstrap = { ...shipped.interval.bootstrap, replicates: FEWEST_RESAMPLES }
  const document = { ...shipped, interval: { ...shipped.interval, bootstrap } }
  const { planId } = await plan.create({ studyCode, document })
  await plan.lock({ studyCode, planId })
  await world.as('investigator').caller.unsealing.create({ studyCode, planId, reason: 'first evaluation as planned' })
  return { planId }
}

/** An evaluation ordered by the statistician, and its job done in this process. */
export async function evaluateNow(db: Db, world: World): Promise<{ evaluationId: string }> {
  const { studyCode } = world
  const { caller } = world.as('statistician')
  const { runId } = await caller.evaluation.run({ studyCode })
  await performRun(db, world, runId)
  const { state, evaluationId, failure } = await caller.evaluation.follow({ studyCode, runId })
  if (evaluationId === null) throw new Error(`evaluation ${state}: ${failure ?? 'no failure told'}`)
  return { evaluationId }
}

/** The job of a run, in this process. */
export const performRun = (db: Db, world: World, runId: string): Promise<void> =>
  performEvaluation(
    { asSystem: (work) => asSystemIn(db, world, (_, stores) => work(stores)), resample: resampleHere },
    { studyId: world.studyId, runId },
  )
