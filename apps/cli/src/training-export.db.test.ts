import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TrainingExportManifest } from '@facetgrade/inference/training-export-manifest'
import { asPersonIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, type World } from '@facetgrade/testing/study-world'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { anInstallation, type Installation } from '../test/installation.ts'
import { aTrainedStudy, type TrainedStudy } from '../test/trained-study.ts'

const database = useTestDatabase()
let installation: Installation | undefined
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facetgrade-training-export-'))
})
afterEach(async () => {
  await installation?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function aModellerAt(world: World): Promise<Installation> {
  installation = await anInstallation(database(), world, 'modeller')
  await installation.startApi()
  return installation
}

test('a modeller exports training and validation patients by the command line, and of test patients nothing is there to take', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind: 'synthetic' })
  const at = await aModellerAt(world)
  const study = await aTrainedStudy(database(), world, join(at.folder, 'data', 'blobs'))
  const out = join(folder, 'export')

  const exported = await at.facetgrade(
    'training-export',
    '--study',
    world.studyCode,
    '--out',
    out,
    '--labels',
    'phantom-truth',
    '--json',
  )
  expect(exported).toMatchObject({ status: 0 })
  expect(JSON.parse(exported.out)).toMatchObject({ joints: { ct: 18 }, patients: { train: 7, validation: 2 } })

  const manifest = TrainingExportManifest.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')))
  expect(manifest).toMatchObject({
    studyCode: world.studyCode,
    studyKind: 'synthetic',
    syntheticOnly: true,
    labels: 'phantom-truth',
    partSizes: { train: 7, validation: 2, test: 1 },
    grader: { ct: { rows: 18, classCounts: { train: { narrowing: [0, 0, 14, 0], severity: [0, 0, 14, 0] } } } },
    localiser: { ct: { sagittal: 9, axial: 9 } },
  })
  expect(manifest.patients).toEqual({ train: study.codes('train'), validation: study.codes('validation') })
  const text = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.npy'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
  for (const { patientCode, pixelHashes } of study.of('test')) {
    expect(text).not.toContain(patientCode)
    for (const hash of pixelHashes) expect(text).not.toContain(hash.slice(0, 16))
  }
  for (const { pixelHashes } of study.of('train')) expect(text).toContain(pixelHashes[0]?.slice(0, 16))

  const again = await at.facetgrade('training-export', '--study', world.studyCode, '--out', out, '--json')
  expect(again.status).toBe(2)
  await expectTestPatientsUnreachable(at, world, study)
})

async function expectTestPatientsUnreachable(at: Installation, world: World, study: TrainedStudy): Promise<void> {
  const { db } = database()
  const [hidden] = study.of('test')
  const [shown] = study.of('train')
  if (!hidden || !shown) throw new Error('no patients')
  const { FACETGRADE_URL: url, FACETGRADE_TOKEN: token } = at.env
  const ask = async (instanceIds: readonly string[]) => {
    const response = await fetch(new URL('/api/training-export/instances', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ studyCode: world.studyCode, instanceIds }),
    })
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
  }
  const allowed = await ask(shown.instanceIds.slice(0, 2))
  expect(allowed.status).toBe(200)
  expect(
    createHash('sha256')
      .update(allowed.bytes.subarray(4, 4 + allowed.bytes.readUInt32LE(0)))
      .digest('hex'),
  ).toBe(shown.blobHashes[0])
  for (const ids of [
    hidden.instanceIds.slice(0, 1),
    [...shown.instanceIds.slice(0, 1), ...hidden.instanceIds.slice(0, 1)],
    [crypto.randomUUID()],
  ]) {
    const refused = await ask(ids)
    expect({ status: refused.status, body: refused.bytes.toString() }).toEqual({
      status: 404,
      body: '{"code":"NOT_FOUND"}',
    })
  }
  // SQL as it would run if every rule above the database were missing.
  const rows = await asPersonIn(db, world, 'modeller', async (wall) => ({
    exams: await wall.exam.count({ where: { patientId: hidden.patientId } }),
    series: await wall.series.count({ where: { examId: hidden.examId } }),
    instances: await wall.instance.count({ where: { examId: hidden.examId } }),
    points: await wall.pointSet.count({ where: { examId: hidden.examId } }),
    truth: await wall.phantomTruth.count({ where: { patientId: hidden.patientId } }),
    allocations: await wall.splitAllocation.count({ where: { patientId: hidden.patientId } }),
    own: await wall.exam.count(),
  }))
  expect(rows).toEqual({ exams: 0, series: 0, instances: 0, points: 0, truth: 0, allocations: 0, own: 9 })
}

test('an export is refused with its reason, and leaves nothing behind', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const at = await aModellerAt(world)
  const blobs = join(at.folder, 'data', 'blobs')
  const refusal = async (...options: string[]) => {
    const { status, out } = await at.facetgrade(
      'training-export',
      '--study',
      world.studyCode,
      '--out',
      join(folder, 'export'),
      '--json',
      ...options,
    )
    return { status, code: JSON.parse(out).error.code }
  }
  expect(await refusal('--labels', 'phantom-truth')).toEqual({ status: 3, code: 'LABELS_OF_PHANTOMS_ONLY' })
  expect(await refusal()).toEqual({ status: 3, code: 'SPLIT_NOT_SEALED' })
  const study = await aTrainedStudy(database(), world, blobs, { points: false })
  expect(await refusal()).toEqual({ status: 3, code: 'POINTS_NONE_PUBLISHED' })
  await study.publishPoints()
  expect(await refusal('--labels', 'reference')).toEqual({ status: 3, code: 'REFERENCE_MISSING' })
  expect(await refusal()).toEqual({ status: 3, code: 'NOTHING_TO_EXPORT' })
  expect(await refusal('--labels', 'mine')).toMatchObject({ status: 2 })
  expect(readdirSync(folder)).toEqual([])
})
