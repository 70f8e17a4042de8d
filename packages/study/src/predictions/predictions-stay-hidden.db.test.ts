import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { modelRecords } from '@facetgrade/testing/model-records'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { contextOn, type PersonName } from '@facetgrade/testing/study-world'
import { aWalkedWorld } from '@facetgrade/testing/walked-world'
import { TRPCError } from '@trpc/server'
import { expect, test } from 'vitest'
import { appRouter } from '../app-router.ts'
import { everyExample } from '../every-example.ts'
import type { Example } from '../example.ts'
import { callerFactory } from '../procedure.ts'

const database = useTestDatabase()
/** A probability that nothing else in the study has. */
const TOKEN = 0.123_456_789

const everyProcedure = Object.entries(everyExample).flatMap(([noun, examples]) =>
  Object.entries(examples).map(([name, example]: [string, Example]) => ({ noun, name, example })),
)

test('no procedure gives a reader, coordinator or monitor a prediction, of any part, even after the unsealing', async () => {
  const { db, boss } = database()
  const world = await aWalkedWorld(database())
  const { studyId, studyCode } = world
  const exams = await asSystemIn(db, world, async (wall) => {
    const parts = await wall.splitAllocation.findMany({ where: { studyId } })
    const found = await wall.exam.findMany({ where: { studyId, modality: 'ct' } })
    return found.map(({ id, patientId }) => ({
      examId: id,
      patientId,
      part: parts.find((row) => row.patientId === patientId)?.part ?? '',
    }))
  })
  const { graderHash, recordIds } = await modelRecords(db, world, exams, TOKEN)
  const tokens = [String(TOKEN), graderHash, ...recordIds]

  const said = async (name: PersonName): Promise<Map<string, string>> => {
    const { userId } = world.as(name)
    const session = { userId, name: 'n', email: 'e', isAdministrator: false, hasSecondFactor: true }
    const caller = callerFactory(appRouter)(contextOn(db, boss, session)) as unknown as Record<
      string,
      Record<string, (input: object | undefined) => Promise<unknown>>
    >
    const objects = await world.objectsOf(name)
    const answers = new Map<string, string>()
    for (const { noun, name: procedure, example } of everyProcedure) {
      const { object } = example
      const own = object ? { [object.field]: objects[object.kind] } : {}
      try {
        const answer = await caller[noun]?.[procedure]?.({ ...example.input, studyCode, ...own })
        answers.set(`${noun}.${procedure}`, JSON.stringify(answer) ?? '')
      } catch (error) {
        if (!(error instanceof TRPCError)) throw error
      }
    }
    return answers
  }
  const leaks = async (name: PersonName, hidden: readonly string[]) =>
    [...(await said(name))].filter(([, text]) => hidden.some((token) => text.includes(token))).map(([path]) => path)

  // The looking glass works: who may see predictions does.
  expect(await leaks('statistician', tokens)).not.toEqual([])
  expect(await leaks('J1', tokens)).toEqual([])
  expect(await leaks('S1', tokens)).toEqual([])
  // The names of models are no secret of the office, what they say of patients is.
  const answers = [String(TOKEN), ...recordIds]
  expect(await leaks('coordinator', answers)).toEqual([])
  expect(await leaks('monitor', answers)).toEqual([])
}, 60_000)
