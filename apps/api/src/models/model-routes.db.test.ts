import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, contextOn, type PersonName, type World } from '@facetgrade/testing/study-world'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyGrader } from '../../../../packages/inference/test/tiny-model.ts'
import type { Host } from '../host.ts'
import { modelRoutes } from './model-routes.ts'

const database = useTestDatabase()
let folder: string
let app: FastifyInstance
let world: World

beforeAll(async () => {
  const { db, boss } = database()
  folder = await mkdtemp(join(tmpdir(), 'facetgrade-models-'))
  world = await aWorld(db, boss)
  app = fastify()
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
  } as unknown as Host // the routes use this of it
  await app.register((scope) => modelRoutes(scope, host))
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')

const as = (person: PersonName | 'nobody') => (person === 'nobody' ? {} : { 'x-test-user': world.as(person).userId })

const put = (person: PersonName | 'nobody', bytes: Uint8Array, hash = sha256(bytes), studyCode = world.studyCode) =>
  app.inject({
    method: 'PUT',
    url: `/api/models/${studyCode}/files/${hash}`,
    headers: { ...as(person), 'content-type': 'application/octet-stream' },
    payload: Buffer.from(bytes),
  })

const stored = async (store: string): Promise<string[]> =>
  (await readdir(join(folder, store), { recursive: true })).filter((path) => /[0-9a-f]{64}$/.test(path))

test('nobody but the study’s modeller and investigator can send a file, and another study looks absent', async () => {
  const bytes = new Uint8Array([1, 2, 3])
  const answers = await Promise.all([
    put('nobody', bytes),
    put('coordinator', bytes),
    put('J1', bytes),
    put('modeller', bytes, sha256(bytes), 'no-such-study'),
    put('modeller', bytes, '../../../etc/passwd'),
    put('modeller', bytes, 'f'.repeat(64)),
    put('modeller', bytes),
  ])
  expect(answers.map(({ statusCode, body }) => [statusCode, JSON.parse(body).code])).toEqual([
    [401, 'SIGNED_OUT'],
    [403, 'NOT_ALLOWED'],
    [403, 'NOT_ALLOWED'],
    [404, 'NOT_FOUND'],
    [404, undefined],
    [400, 'HASH_DIFFERS'],
    [200, undefined],
  ])
})

test('a registered model’s networks are kept under their hash, what was sent is gone from the waiting place, a refused one leaves nothing', async () => {
  const { manifest, files } = tinyGrader()
  for (const bytes of files.values()) expect((await put('modeller', bytes)).statusCode).toBe(200)
  const named = [...files].map(([name, bytes]) => ({ name, sha256: sha256(bytes) }))
  const post = (payload: object) =>
    app.inject({ method: 'POST', url: `/api/models/${world.studyCode}`, headers: as('modeller'), payload })
  const networkless = await post({
    manifest: JSON.stringify({ ...manifest, networks: [] }),
    card: '',
    files: [],
  })
  expect(networkless.json()).toMatchObject({ state: 'refused' })
  expect(networkless.json().problems).toContainEqual({ code: 'MANIFEST_INVALID', at: 'networks' })
  const cardless = await post({ manifest: JSON.stringify(manifest), card: null, files: named.slice(0, 1) })
  expect(cardless.json()).toMatchObject({
    state: 'refused',
    problems: [
      { code: 'FILE_MISSING', at: 'card.md' },
      { code: 'FILE_MISSING', at: 'grader.onnx' },
    ],
  })
  expect(await stored('models').catch(() => [])).toEqual([])
  for (const bytes of files.values()) await put('modeller', bytes)
  const registered = await post({ manifest: JSON.stringify(manifest), card: '# Card', files: named })
  expect(registered.json()).toMatchObject({ state: 'registered', slug: 'tiny-grader', problems: [] })
  const [network] = manifest.networks
  expect(await stored('models')).toEqual([expect.stringContaining(network?.sha256 ?? '')])
  expect(
    (await stored('model-uploads')).filter((path) => named.some(({ sha256: hash }) => path.endsWith(hash))),
  ).toEqual([])
}, 60_000)

test('what is not a request is one refusal, and what the product brings is offered by name', async () => {
  const malformed = await app.inject({
    method: 'POST',
    url: `/api/models/${world.studyCode}`,
    headers: as('modeller'),
    payload: { manifest: 7 },
  })
  expect([malformed.statusCode, malformed.json()]).toEqual([400, { code: 'UPLOAD_MALFORMED' }])
  const shipped = await app.inject({ url: `/api/models/${world.studyCode}/shipped`, headers: as('investigator') })
  expect(shipped.statusCode).toBe(200)
  for (const model of shipped.json())
    expect(Object.keys(model).toSorted()).toEqual(['id', 'isSyntheticOnly', 'kind', 'title'])
  const absent = await app.inject({
    method: 'POST',
    url: `/api/models/${world.studyCode}/shipped/nothing`,
    headers: as('investigator'),
  })
  expect([absent.statusCode, absent.json()]).toEqual([404, { code: 'NOT_FOUND' }])
})
