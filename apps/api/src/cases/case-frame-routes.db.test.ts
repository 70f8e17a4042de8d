import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleDicom } from '@facetgrade/dicom/sample-dicom'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { type AssignedStudy, anAssignedStudy } from '@facetgrade/testing/assigned-case'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { contextOn, type PersonName } from '@facetgrade/testing/study-world'
import fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examFrameRoutes } from '../exams/exam-frame-routes.ts'
import type { Host } from '../host.ts'
import { caseFrameRoutes } from './case-frame-routes.ts'

const database = useTestDatabase()
let folder = ''
let study: AssignedStudy
let get: (
  path: string,
  as: PersonName | 'nobody',
) => Promise<{ status: number; bytes: Buffer; headers: Record<string, unknown> }>

beforeAll(async () => {
  const { db, boss } = database()
  folder = await mkdtemp(join(tmpdir(), 'facetgrade-frames-'))
  const [blobHash = ''] = await (await openBlobFolder(join(folder, 'blobs'))).put([sampleDicom({ kind: 'ct' })])
  study = await anAssignedStudy(db, boss, { patients: 2, modalities: ['ct', 'xray'], blobHash })
  const app = fastify()
  const host = {
    environment: { FACETGRADE_DATA: folder },
    contextOf: async (request: { headers: Record<string, unknown> }) => {
      const userId = request.headers['x-test-user']
      const session =
        typeof userId === 'string'
          ? { userId, name: 'n', email: 'e', isAdministrator: false, hasSecondFactor: true }
          : null
      return contextOn(db, boss, session)
    },
  } as unknown as Host // the routes use these two of it
  await app.register((scope) => caseFrameRoutes(scope, host))
  await app.register((scope) => examFrameRoutes(scope, host))
  get = async (path, as) => {
    const headers = as === 'nobody' ? {} : { 'x-test-user': study.world.as(as).userId }
    const response = await app.inject({ url: `${path}?study=${study.studyCode}`, headers })
    return { status: response.statusCode, bytes: response.rawPayload, headers: response.headers }
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a reader gets the bare pixels of their own case, uncached, and no word of a patient', async () => {
  const assignmentId = await study.assignmentOf('J1')
  const { status, bytes, headers } = await get(`/api/cases/${assignmentId}/series/0/frames/2`, 'J1')
  expect(status).toBe(200)
  expect(bytes).toHaveLength(16 * 16 * 2)
  expect(headers['cache-control']).toBe('private, no-store')
  expect(JSON.parse(String(headers['x-facetgrade-frame']))).toMatchObject({
    rows: 16,
    columns: 16,
    rescaleIntercept: -1024,
  })
  const everything = `${JSON.stringify(headers)}${bytes.toString('latin1')}`
  for (const { patientCode, exams } of study.roster) {
    for (const secret of [patientCode, 'DICM', ...Object.values(exams)]) expect(everything).not.toContain(secret)
  }
})

test('absent, foreign, out of range, malformed, returned and withdrawn are one answer', async () => {
  const assignmentId = await study.assignmentOf('J1')
  const answers = await Promise.all([
    get(`/api/cases/${assignmentId}/series/0/frames/0`, 'J2'),
    get(`/api/cases/${assignmentId}/series/0/frames/0`, 'S1'),
    get(`/api/cases/${crypto.randomUUID()}/series/0/frames/0`, 'J1'),
    get(`/api/cases/${assignmentId}/series/7/frames/0`, 'J1'),
    get(`/api/cases/${assignmentId}/series/0/frames/4`, 'J1'),
    get('/api/cases/no-uuid/series/0/frames/0', 'J1'),
  ])
  for (const { status, bytes } of answers) {
    expect({ status, body: bytes.toString() }).toEqual({ status: 404, body: '{"code":"NOT_FOUND"}' })
  }
  const { db } = database()
  await asSystemIn(db, study.world, (wall) =>
    wall.patient.updateMany({ data: { withdrawnAt: new Date() }, where: { studyId: study.world.studyId } }),
  )
  expect((await get(`/api/cases/${assignmentId}/series/0/frames/0`, 'J1')).status).toBe(404)
  await asSystemIn(db, study.world, (wall) =>
    wall.patient.updateMany({ data: { withdrawnAt: null }, where: { studyId: study.world.studyId } }),
  )
})

test('without a session nothing is said, with an office role the case route is closed and the exam route open', async () => {
  const assignmentId = await study.assignmentOf('J1')
  expect((await get(`/api/cases/${assignmentId}/series/0/frames/0`, 'nobody')).status).toBe(401)
  expect((await get(`/api/cases/${assignmentId}/series/0/frames/0`, 'coordinator')).status).toBe(403)
  const instanceId = await asSystemIn(database().db, study.world, async (wall) => (await wall.instance.findFirst())?.id)
  const path = `/api/exams/instances/${instanceId}/frames/0`
  expect((await get(path, 'coordinator')).status).toBe(200)
  expect((await get(path, 'J1')).status).toBe(403)
  expect((await get(path, 'statistician')).status).toBe(403)
  expect((await get(`/api/exams/instances/${crypto.randomUUID()}/frames/0`, 'coordinator')).status).toBe(404)
})
