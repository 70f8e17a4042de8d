import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodePool } from '@facetgrade/dicom/node-pool'
import { packEntries } from '@facetgrade/dicom/pack'
import { pseudonymise } from '@facetgrade/dicom/pseudonymise'
import { type Sample, sampleDicom, text } from '@facetgrade/dicom/sample-dicom'
import { createKeyFile, openStudyKey, type StudyKey } from '@facetgrade/dicom/study-key'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { receivePack } from '@facetgrade/study/imports/send-import'
import { actorIn } from '@facetgrade/study/procedure'
import type { TestDatabase } from '@facetgrade/testing/postgres-fixture'
import { contextOn, type World } from '@facetgrade/testing/study-world'
import { pino } from 'pino'
import { HANDLERS } from '../src/handlers.ts'
import { importPack } from '../src/imports/import-pack.ts'
import { openModelProcesses } from '../src/infer/model-processes.ts'
import { workerContext } from '../src/worker-context.ts'

/** An original of an invented patient; `sop`, `patient` and `series` name it apart from others. */
export const original = (
  of: { sop: string; patient?: string; series?: string; sex?: string; birthDate?: string; z?: number } & Sample,
) => {
  const { sop, patient = 'A1', series = '1', sex = 'F', birthDate = '19600102', z = 0, ...sample } = of
  const named = [
    text(0x00080018, 'UI', `1.2.826.1.${sop}`),
    text(0x00100020, 'LO', patient),
    text(0x00100030, 'DA', birthDate),
    text(0x00100040, 'CS', sex),
    text(0x0020000d, 'UI', `1.2.826.2.${patient.codePointAt(0) ?? 0}.${patient.length}`),
    text(0x0020000e, 'UI', `1.2.826.3.${series}`),
    text(0x00200032, 'DS', `-100\\-80\\${z}`),
  ]
  const given = new Set(sample.with?.map(({ tag }) => tag))
  return sampleDicom({ ...sample, with: [...named.filter(({ tag }) => !given.has(tag)), ...(sample.with ?? [])] })
}

export const newKey = (studyCode: string): StudyKey => openStudyKey(createKeyFile('2024-01-01T00:00:00Z'), studyCode)

type Files = readonly (Uint8Array<ArrayBuffer> | { index: number; bytes: Uint8Array<ArrayBuffer> })[]

/** A study's import chain from the sender's pack to the ledger, on a real database, folder and pool. */
export async function importChain(database: TestDatabase, world: World, key: StudyKey) {
  const { db, boss } = database
  const folder = await mkdtemp(join(tmpdir(), 'facetgrade-import-'))
  const blobs = await openBlobFolder(join(folder, 'blobs'))
  const packs = await openBlobFolder(join(folder, 'packs'))
  const parsing = openNodePool({ size: 1, keyed: null })
  const log = pino({ level: 'silent' })
  const models = openModelProcesses({
    folders: { models: join(folder, 'models'), blobs: join(folder, 'blobs') },
    provider: 'cpu',
    threads: 1,
    atMost: 1,
    log,
  })
  const worker = workerContext({ db, boss, blobs, models, packs, parsing, log })
  const { caller, userId } = world.as('coordinator')
  const at = { studyCode: world.studyCode }

  const begin = async (fileCount: number, by: { roster?: string; key?: StudyKey } = {}) => {
    const rosterMac = Buffer.from(by.roster ?? crypto.randomUUID())
      .toString('hex')
      .padEnd(64, '0')
      .slice(0, 64)
    return caller.imports.begin({
      ...at,
      source: 'cli',
      keyFingerprint: (by.key ?? key).fingerprint,
      fileCount,
      rosterMac,
    })
  }
  const pack = async (files: Files): Promise<Uint8Array<ArrayBuffer>> => {
    const entries = files.map(async (file, position) => {
      const { index, bytes } = file instanceof Uint8Array ? { index: position, bytes: file } : file
      const outcome = await pseudonymise(bytes, key, { defaultIssuer: 'H', imagingPeriod: null })
      if (outcome.outcome !== 'accepted') throw new Error(`not a clean sample: ${outcome.code}`)
      return { index, envelope: outcome.envelope, bytes: outcome.bytes }
    })
    return packEntries(await Promise.all(entries))
  }
  const receive = async (importId: string, packIndex: number, bytes: Uint8Array<ArrayBuffer>) => {
    const [blobHash = ''] = await packs.put([bytes])
    const context = contextOn(db, boss, {
      userId,
      name: 'n',
      email: 'e',
      isAdministrator: false,
      hasSecondFactor: true,
    })
    if (!context.session) throw new Error('no session')
    const actor = await actorIn(context, context.session, world.studyCode, ['coordinator'])
    await context.open(actor, (wall) =>
      receivePack({ ...wall, actor }, { importId, packIndex, blobHash, bytes: bytes.length }),
    )
  }
  const work = async (importId: string, packIndex: number) =>
    importPack(worker, { studyId: world.studyId, importId, packIndex })
  const complete = (importId: string) => HANDLERS['import.complete'].run(worker, { studyId: world.studyId, importId })
  return {
    folder,
    blobs,
    packs,
    worker,
    begin,
    pack,
    receive,
    work,
    complete,
    ledger: async (importId: string) =>
      (await caller.imports.ledger({ ...at, importId, limit: 200 })).rows.map(({ fileIndex, code }) => [
        fileIndex,
        code,
      ]),
    /** Everything at once, as one pack: begin, receive, work, finish, complete. Answers the ledger. */
    async importAll(files: Files): Promise<(string | number)[][]> {
      const { importId } = await begin(files.length)
      await receive(importId, 0, await pack(files))
      await caller.imports.finish({ ...at, importId, packs: [0] })
      await work(importId, 0)
      await complete(importId)
      return this.ledger(importId)
    },
    async close() {
      await models.close()
      await parsing.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type ImportChain = Awaited<ReturnType<typeof importChain>>
