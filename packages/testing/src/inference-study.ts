import { join } from 'node:path'
import type { Database } from '@facetgrade/db/connect'
import { instanceHeaderOf } from '@facetgrade/dicom/read-instance-header'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import { type ModelManifest, modelHash } from '@facetgrade/inference/model-manifest'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { registerModel } from '@facetgrade/study/models/register-model'
import { actorIn } from '@facetgrade/study/procedure'
import type { PgBoss } from 'pg-boss'
import { FRAME_OF_REFERENCE, madeStack, tissue } from '../../inference/test/made-exam.ts'
import { tinyGrader } from '../../inference/test/tiny-model.ts'
import { asSystemIn } from './behind-the-wall.ts'
import { sha256 } from './sha256.ts'
import { aRoster, aSeal, type RosterPatient } from './signed-readings.ts'
import { aWorld, contextOn, type World } from './study-world.ts'

const AT_ONCE = 2000

export type InferenceStudy = {
  world: World
  studyCode: string
  patients: readonly RosterPatient[]
  modelId: string
  modelHash: string
  /** Of the images, all exams share them. */
  blobHashes: readonly string[]
  networkHashes: readonly string[]
}

/**
 * A study of exams that a model can truly grade: real images behind every exam (the same few files under names of its
 * own), ten published points each, and a registered model, by default a tiny real network.
 */
export async function anInferenceStudy(
  at: { db: Database; boss: PgBoss; dataFolder: string },
  {
    exams,
    model = tinyGrader(),
    world: given,
  }: { exams: number; world?: World; model?: { manifest: ModelManifest; files: ReadonlyMap<string, Uint8Array> } },
): Promise<InferenceStudy> {
  const { db, boss, dataFolder } = at
  const world = given ?? (await aWorld(db, boss, { kind: 'synthetic' }))
  const roster = Array.from({ length: exams }, () => ({ part: 'validation' as const, modalities: ['ct'] as const }))
  const patients = await aRoster(db, world, roster)
  await aSeal(db, world)
  const blobs = await openBlobFolder(join(dataFolder, 'blobs'))
  const files = madeStack({ value: tissue })
  const blobHashes = await blobs.put(files)
  await layOut(db, world, { patients, files, blobHashes })
  const registered = await register(at, world, model)
  return { world, studyCode: world.studyCode, patients, blobHashes, ...registered }
}

async function layOut(
  db: Database,
  world: World,
  of: {
    patients: readonly RosterPatient[]
    files: readonly Uint8Array<ArrayBuffer>[]
    blobHashes: readonly string[]
  },
): Promise<void> {
  const { studyId } = world
  const headers = of.files.map(instanceHeaderOf)
  const { stacks, role } = judgeSeries(headers)
  const [stack] = stacks
  if (!stack?.gradable) throw new Error('the made images do not make a gradable stack')
  const examIds = of.patients.flatMap(({ exams }) => exams.ct ?? [])
  const own = (examId: string, sop: string) => `${sop}.${BigInt(`0x${examId.replaceAll('-', '').slice(0, 15)}`)}`
  const instances = examIds.flatMap((examId) =>
    headers.map((header, index) => ({
      studyId,
      examId,
      seriesInstanceUid: '1.2.3.5.1',
      sopInstanceUid: own(examId, header.sopInstanceUid),
      sopClassUid: header.sopClassUid,
      blobHash: of.blobHashes[index] ?? '',
      pixelHash: sha256(String(index)),
      header,
    })),
  )
  for (let from = 0; from < instances.length; from += AT_ONCE) {
    await asSystemIn(db, world, (wall) => wall.instance.createMany({ data: instances.slice(from, from + AT_ONCE) }))
  }
  await asSystemIn(db, world, async (wall) => {
    await wall.series.createMany({
      data: examIds.map((examId) => ({
        studyId,
        examId,
        seriesInstanceUid: own(examId, '1.2.3.5'),
        plane: stack.plane,
        gradable: true,
        geometry: {
          role,
          stack: {
            ...stack,
            frames: stack.frames.map((frame) => ({ ...frame, sopInstanceUid: own(examId, frame.sopInstanceUid) })),
          },
        },
      })),
    })
    await wall.pointSet.createMany({
      data: examIds.map((examId) => ({
        studyId,
        examId,
        version: 1,
        source: 'coordinator',
        document: { version: 1, source: 'coordinator', points: tenPoints() },
        publishedBy: 'test',
      })),
    })
  })
}

/** Near the middle of the made stack, a few millimetres apart, left at +x, levels from head to foot. */
const tenPoints = (): JointPoint[] =>
  LEVELS.flatMap((level, index) =>
    SIDES.map(
      (side): JointPoint => ({
        level,
        side,
        kind: 'lps',
        mm: [side === 'left' ? 2 : -2, 0, 2 - index],
        frameOfReference: FRAME_OF_REFERENCE,
      }),
    ),
  )

async function register(
  { db, boss, dataFolder }: { db: Database; boss: PgBoss; dataFolder: string },
  world: World,
  { manifest, files }: { manifest: ModelManifest; files: ReadonlyMap<string, Uint8Array> },
) {
  const models = await openBlobFolder(join(dataFolder, 'models'))
  const networkHashes = await models.put(manifest.networks.map(({ file }) => files.get(file) ?? new Uint8Array()))
  const { userId } = world.as('modeller')
  const session = { userId, name: 'n', email: 'e', isAdministrator: false, hasSecondFactor: true }
  const context = contextOn(db, boss, session)
  const actor = await actorIn(context, session, world.studyCode, ['modeller'])
  const model = await context.open(actor, (wall) =>
    registerModel(
      { ...wall, actor },
      {
        hash: modelHash(sha256, manifest),
        summary: {
          slug: manifest.id,
          title: manifest.title,
          kind: manifest.kind,
          modalities: [...new Set(manifest.networks.map(({ modality }) => modality))],
          isSyntheticOnly: manifest.syntheticOnly,
          splitSeal: manifest.training.splitSeal,
          preprocessingVersion: String(manifest.training.preprocessing.version),
        },
        manifest: JSON.parse(JSON.stringify(manifest)),
        card: '',
        networks: manifest.networks.map(({ role, modality, sha256: hash, file }) => ({
          role,
          modality,
          sha256: hash,
          bytes: files.get(file)?.length ?? 0,
        })),
        pixelPrefixes: [],
        problems: [],
      },
    ),
  )
  return { modelId: model.modelId, modelHash: model.hash, networkHashes }
}
