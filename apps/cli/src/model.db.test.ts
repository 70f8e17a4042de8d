import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { anInferenceStudy } from '@facetgrade/testing/inference-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld } from '@facetgrade/testing/study-world'
import { afterEach, expect, test } from 'vitest'
import { tinyGrader, tinyLocaliser } from '../../../packages/inference/test/tiny-model.ts'
import { anInstallation, type Installation } from '../test/installation.ts'

const database = useTestDatabase()
let installation: Installation | undefined
afterEach(async () => installation?.close())

type Model = ReturnType<typeof tinyGrader>

function writeModel(folder: string, { manifest, files }: Model): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'card.md'), '# Tiny\n')
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  return folder
}

test('models are registered, refused with their reasons, run and followed by the command line alone', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind: 'synthetic' })
  const at = await anInstallation(database(), world, 'investigator')
  installation = at
  await anInferenceStudy({ db, boss, dataFolder: join(at.folder, 'data') }, { exams: 3, world })
  await at.startApi()
  const model = async (...args: string[]) => {
    const { status, out } = await at.facetgrade('model', ...args, '--study', world.studyCode, '--json')
    return { status, answer: JSON.parse(out) }
  }
  const folder = (name: string) => join(at.folder, name)

  // What is wrong with a model is said file by file, and it stays refused.
  const damaged = writeModel(folder('damaged'), tinyGrader('ct', { id: 'damaged' }))
  const network = readFileSync(join(damaged, 'grader.onnx'))
  writeFileSync(join(damaged, 'grader.onnx'), Buffer.concat([network, Buffer.of(0)]))
  expect(await model('register', damaged)).toMatchObject({
    status: 3,
    answer: { state: 'refused', problems: [{ code: 'HASH_DIFFERS', at: 'grader.onnx' }] },
  })
  const nameless = tinyGrader('ct', { id: 'nameless' })
  const { training: _, ...withoutProvenance } = nameless.manifest
  const stranger = writeModel(folder('stranger'), { ...nameless, manifest: withoutProvenance as Model['manifest'] })
  expect(await model('register', stranger)).toMatchObject({
    status: 3,
    answer: { state: 'refused', problems: [{ code: 'PROVENANCE_MISSING', at: 'training' }] },
  })
  writeFileSync(join(stranger, 'manifest.json'), '{')
  expect(await model('register', stranger)).toMatchObject({
    status: 3,
    answer: { problems: [{ code: 'MANIFEST_UNREADABLE' }] },
  })

  const good = writeModel(folder('good'), tinyGrader('ct', { id: 'good' }))
  const registered = await model('register', good)
  expect(registered).toMatchObject({
    status: 0,
    answer: { state: 'registered', slug: 'good', isOtherData: true, isSyntheticOnly: true, problems: [] },
  })
  expect((await model('register', good)).answer.modelId).toBe(registered.answer.modelId)
  expect((await model('list')).answer.map(({ slug }: { slug: string | null }) => slug)).toEqual([
    'good',
    null,
    null,
    'damaged',
    'tiny-grader',
  ])
  expect(await model('show', 'good')).toMatchObject({ status: 0, answer: { card: '# Tiny\n', unfitFor: [] } })

  await at.startWorker()
  const run = await model('run', 'good', '--part', 'validation', '--wait')
  expect(run).toMatchObject({ status: 0, answer: { state: 'done', total: 3, counts: { done: 3, failed: 0 } } })
  expect(await model('run', 'good', '--part', 'test')).toMatchObject({
    status: 3,
    answer: { error: { code: 'PLAN_NOT_LOCKED' } },
  })
  expect(await model('cancel', run.answer.runId)).toMatchObject({ status: 0 })
  expect(await model('retry', run.answer.runId)).toMatchObject({
    status: 3,
    answer: { error: { code: 'RUN_CANCELLED' } },
  })
  expect(await model('propose-points', 'good')).toMatchObject({
    status: 3,
    answer: { error: { code: 'MODEL_KIND_WRONG' } },
  })

  await model('register', writeModel(folder('localiser'), tinyLocaliser()))
  expect(await model('propose-points', 'tiny-localiser', '--wait')).toMatchObject({
    status: 0,
    answer: { purpose: 'propose_points', counts: { done: 3 } },
  })
  const proposals = await model('proposals')
  expect(proposals.answer).toHaveLength(3)
  expect(proposals.answer[0]).toMatchObject({ modality: 'ct', publishedVersion: 1 })
  expect((await model('runs')).answer).toHaveLength(2)
}, 120_000)
