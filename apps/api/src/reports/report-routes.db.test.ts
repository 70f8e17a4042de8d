import { createHash } from 'node:crypto'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { aDemoStudy } from '@facetgrade/testing/demo-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, contextOn, type PersonName, type World } from '@facetgrade/testing/study-world'
import fastify, { type LightMyRequestResponse } from 'fastify'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { reportRoutes } from './report-routes.ts'

const database = useTestDatabase()
let world: World
let get: (path: string, as: PersonName | 'nobody') => Promise<LightMyRequestResponse>

beforeAll(async () => {
  const { db, boss } = database()
  const study = await aDemoStudy(database(), { model: true })
  world = study.world
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
  await app.register((scope) => reportRoutes(scope, host))
  get = (path, as) =>
    app.inject({
      url: `/api/reports/${path}`,
      headers: as === 'nobody' ? {} : { 'x-test-user': world.as(as).userId },
    })
}, 120_000)

test('a report comes as a download that says its hash and that it is a demonstration, and leaves a row in the trail', async () => {
  const { statusCode, headers, rawPayload } = await get(
    `${world.studyCode}/latest/report.html?language=zh`,
    'statistician',
  )
  expect(statusCode).toBe(200)
  expect(headers['content-disposition']).toMatch(/filename="demo-.*-zh-report\.html"/)
  expect(headers['cache-control']).toBe('private, no-store')
  expect(headers['x-facetgrade-sha256']).toBe(createHash('sha256').update(rawPayload).digest('hex'))
  expect(rawPayload.toString()).toContain('演示：患者与阅片均为虚构，结果不反映任何患者情况。')
  const trail = await asSystemIn(database().db, world, (wall) =>
    wall.auditEntry.findMany({ where: { action: 'report.downloaded' } }),
  )
  expect(trail).toHaveLength(1)
}, 60_000)

test('every figure that is listed can be had as a vector', async () => {
  const listed = (await get(`${world.studyCode}/latest/figures.json`, 'investigator')).json<{ id: string }[]>()
  expect(listed.map(({ id }) => id)).toContain('roc-ct')
  const { statusCode, body } = await get(`${world.studyCode}/latest/figures/roc-ct.svg?span=column`, 'investigator')
  expect(statusCode).toBe(200)
  expect(body).toContain('width="85.02mm"')
}, 60_000)

test.each([
  ['nobody', 'latest/report.html', 401, 'SIGNED_OUT'],
  ['J1', 'latest/report.html', 403, 'NOT_ALLOWED'],
  ['coordinator', 'latest/report.pdf', 403, 'NOT_ALLOWED'],
  ['statistician', 'latest/report.exe', 404, 'NOT_FOUND'],
  ['statistician', 'latest/figures/no-such.svg', 404, 'NOT_FOUND'],
  ['statistician', '00000000-0000-4000-8000-000000000000/report.html', 404, 'NOT_FOUND'],
] as const)('%s asking for %s is answered %d %s', async (person, path, status, code) => {
  const answer = await get(`${world.studyCode}/${path}`, person)
  expect({ status: answer.statusCode, body: answer.json() }).toEqual({ status, body: { code } })
})

test("another study's report looks like one that does not exist", async () => {
  const other = await aWorld(database().db, database().boss)
  const [foreign, absent] = [
    await get(`${other.studyCode}/latest/report.html`, 'statistician'),
    await get('no-such-study/latest/report.html', 'statistician'),
  ]
  expect([foreign.statusCode, foreign.body]).toEqual([absent.statusCode, absent.body])
  expect(foreign.statusCode).toBe(404)
})
