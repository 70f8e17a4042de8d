import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodePool } from '@facetgrade/dicom/node-pool'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { anInferenceStudy, type InferenceStudy } from '@facetgrade/testing/inference-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HANDLERS } from '../handlers.ts'
import { type WorkerContext, workerContext } from '../worker-context.ts'
import { openModelProcesses } from './model-processes.ts'

const database = useTestDatabase()
let folder: string
let ctx: WorkerContext

beforeEach(async () => {
  const { db, boss } = database()
  folder = await mkdtemp(join(tmpdir(), 'facetgrade-infer-'))
  const [blobs, packs] = [await openBlobFolder(join(folder, 'blobs')), await openBlobFolder(join(folder, 'packs'))]
  const log = pino({ level: 'silent' })
  const folders = { models: join(folder, 'models'), blobs: join(folder, 'blobs') }
  const models = openModelProcesses({ folders, provider: 'cpu', threads: 1, atMost: 1, log })
  ctx = workerContext({ db, boss, blobs, packs, models, parsing: openNodePool({ size: 1, keyed: null }), log })
})
afterEach(async () => {
  await ctx.models.close()
  await ctx.parsing.close()
  await rm(folder, { recursive: true, force: true })
})

const aStudy = (exams: number) => anInferenceStudy({ ...database(), dataFolder: folder }, { exams })
const infer = HANDLERS['exam.infer']

async function ordered(study: InferenceStudy) {
  const { world, studyCode, modelId } = study
  const { caller } = world.as('modeller')
  const { runId } = await caller.models.run({ studyCode, modelId, parts: ['validation'] })
  const work = (index: number) =>
    infer.run(ctx, { studyId: world.studyId, runId, examId: study.patients[index]?.exams.ct ?? '' })
  return { runId, work, shown: () => caller.models.showRun({ studyCode, runId }) }
}

const fileOf = async (store: 'blobs' | 'models', hash: string): Promise<string> =>
  join(folder, store, hash.slice(0, 2), hash)

test('an exam goes through a model in a process of its own: calibrated answers, who made them, and severity by rule', async () => {
  const study = await aStudy(2)
  const { world, studyCode, modelId } = study
  const { work, shown } = await ordered(study)
  await work(0)
  await work(1)
  expect(await shown()).toMatchObject({ state: 'done', total: 2, counts: { done: 2, wasThere: 0 } })
  const { caller } = world.as('modeller')
  const { rows } = await caller.predictions.list({ studyCode, modelId })
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatchObject({
    graded: 60,
    abstained: 0,
    executionProvider: 'cpu',
    pointSetVersion: 1,
    versions: { 'onnxruntime-node': expect.any(String), node: process.versions.node },
  })
  const one = await caller.predictions.show({ studyCode, recordId: rows[0]?.recordId ?? '' })
  expect(one.joints).toHaveLength(10)
  for (const { features, severity } of one.joints) {
    expect(features.map(({ feature }) => feature).toSorted()).toEqual([
      'cyst',
      'erosion',
      'hypertrophy',
      'narrowing',
      'osteophytes',
    ])
    expect(severity.direct).toMatchObject({ kind: 'graded' })
    expect(severity.byRule).toMatchObject({ kind: 'exact' })
  }
  // Nothing is computed anew for the same input.
  const again = await ordered(study)
  await again.work(0)
  expect((await again.shown()).counts).toMatchObject({ done: 1, wasThere: 1 })
}, 60_000)

test.each([
  [
    'an image that is not there',
    'IMAGE_ABSENT',
    async (study: InferenceStudy) => rm(await fileOf('blobs', study.blobHashes[5] ?? '')),
  ],
  [
    'an image whose bytes changed',
    'IMAGE_DAMAGED',
    async (study: InferenceStudy) => damage(await fileOf('blobs', study.blobHashes[5] ?? '')),
  ],
  [
    'a network that is not there',
    'NETWORK_ABSENT',
    async (study: InferenceStudy) => rm(await fileOf('models', study.networkHashes[0] ?? '')),
  ],
  [
    'a network whose bytes changed',
    'NETWORK_REFUSED',
    async (study: InferenceStudy) => damage(await fileOf('models', study.networkHashes[0] ?? '')),
  ],
] as const)(
  '%s fails the exam with %s, writes nothing, and after the last attempt a person sees it',
  async (_, code, harm) => {
    const study = await aStudy(1)
    const { world, studyCode } = study
    const { work, runId, shown } = await ordered(study)
    await harm(study)
    await expect(work(0)).rejects.toMatchObject({ failure: code })
    expect(await shown()).toMatchObject({ state: 'working', counts: { waiting: 1 } })
    await infer.giveUp?.(ctx, { studyId: world.studyId, runId, examId: study.patients[0]?.exams.ct ?? '' })
    expect(await shown()).toMatchObject({ state: 'needs_a_person', counts: { failed: 1 } })
    const { rows } = await world.as('modeller').caller.models.failures({ studyCode, runId })
    expect(rows).toMatchObject([{ failure: code, attempts: 1 }])
    expect(await asSystemIn(database().db, world, (wall) => wall.prediction.count())).toBe(0)
  },
  60_000,
)

test("a model's process that is killed fails the exam in hand, and the next attempt gets a new one", async () => {
  const study = await aStudy(2)
  const { work, shown } = await ordered(study)
  await work(0)
  let failure: unknown
  const held = work(1).catch((error: unknown) => {
    failure = error
  })
  // Until it has the exam in hand: before that, a dead process is simply replaced.
  while (failure === undefined) {
    await killModelProcess()
    await Promise.race([held, new Promise((next) => setTimeout(next, 20))])
  }
  expect(failure).toMatchObject({ failure: 'PROCESS_DIED' })
  await work(1)
  expect((await shown()).counts).toMatchObject({ done: 2 })
}, 60_000)

async function damage(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 0xff
  await writeFile(path, bytes)
}

/** Of this process's children, the one that holds a model. Needs /proc. */
async function killModelProcess(): Promise<void> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const [stat, line] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    )
    const parent = Number((stat ?? '').replace(/^.*\) /s, '').split(' ')[1])
    if (parent === process.pid && (line ?? '').includes('model-process-main')) process.kill(Number(pid), 'SIGKILL')
  }
}
