import { aReadStudy } from '@facetgrade/testing/evaluated-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { graded, type RosterPatient } from '@facetgrade/testing/signed-readings'
import { aWorld, contextOn, type PersonName, type World } from '@facetgrade/testing/study-world'
import fastify, { type LightMyRequestResponse } from 'fastify'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { exportRoutes } from './export-routes.ts'

const database = useTestDatabase()
let world: World
let patients: RosterPatient[]
let get: (file: string, as: PersonName | 'nobody', studyCode?: string) => Promise<LightMyRequestResponse>

beforeAll(async () => {
  const { db, boss } = database()
  world = await aWorld(db, boss, { kind: 'demo' })
  patients = await aReadStudy(db, world, {
    roster: [
      { part: 'train', modalities: ['xray'] },
      { part: 'test', modalities: ['xray'] },
    ],
    answer: () => graded(1),
  })
  const app = fastify()
  const host = {
    contextOf: async (request: { headers: Record<string, unknown> }) => {
      const userId = request.headers['x-test-user']
      const session =
        typeof userId === 'string'
          ? { userId, name: 'n', email: 'e', isAdministrator: false, hasSecondFactor: true }
          : null
      return contextOn(db, boss, session)
    },
  } as unknown as Host // the route uses this of it
  await app.register((scope) => exportRoutes(scope, host))
  get = (file, as, studyCode = world.studyCode) =>
    app.inject({
      url: `/api/exports/${studyCode}/${file}`,
      headers: as === 'nobody' ? {} : { 'x-test-user': world.as(as).userId },
    })
})

test('a table comes as an uncached download whose name says that it is a demonstration', async () => {
  const { statusCode, headers, body } = await get('grade-events.csv', 'statistician')
  expect(statusCode).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="demo-blinded-${world.studyCode}-grade-events.csv"`,
    'cache-control': 'private, no-store',
  })
  expect(body.trimEnd().split('\r\n')).toHaveLength(1 + 4 * 30)
  expect(body).toContain(patients[0]?.patientCode)
  expect(body).not.toContain(patients[1]?.patientCode)
})

test.each([
  ['nobody', 'grade-events.csv', 401, 'SIGNED_OUT'],
  ['J1', 'grade-events.csv', 403, 'NOT_ALLOWED'],
  ['coordinator', 'counts.csv', 403, 'NOT_ALLOWED'],
  ['statistician', 'secrets.csv', 404, 'NOT_FOUND'],
  ['statistician', '..%2F..%2Fpasswd', 404, 'NOT_FOUND'],
  ['statistician', 'evaluation.json', 404, 'NOT_FOUND'],
] as const)('%s asking for %s is answered %d %s and no row', async (person, file, status, code) => {
  const answer = await get(file, person)
  expect({ status: answer.statusCode, body: answer.json() }).toEqual({ status, body: { code } })
})

test("another study's export looks like one that does not exist", async () => {
  const other = await aWorld(database().db, database().boss)
  const [foreign, absent] = [
    await get('counts.csv', 'statistician', other.studyCode),
    await get('counts.csv', 'statistician', 'no-such-study'),
  ]
  expect([foreign.statusCode, foreign.body]).toEqual([absent.statusCode, absent.body])
  expect(foreign.statusCode).toBe(404)
})
