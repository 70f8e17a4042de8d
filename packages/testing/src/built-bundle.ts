import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BundleManifest } from '@facetgrade/bundle/manifest'
import type { connect } from '@facetgrade/db/connect'
import { inSnapshotWall } from '@facetgrade/db/snapshot-wall'
import { storesIn } from '@facetgrade/db/stores'
import { asSystem, inWall, systemActor } from '@facetgrade/db/wall'
import { buildBundle } from '@facetgrade/study/export/build-bundle'
import { manifestText } from '@facetgrade/study/export/bundle-file'
import type { World } from './study-world.ts'

type Db = ReturnType<typeof connect>
/** Files of a bundle by their SHA-256. */
export type Contents = ReadonlyMap<string, Uint8Array>

/** Builds a bundle that was asked for, as the worker does, its files kept in memory. */
export async function buildBundleInMemory(db: Db, world: Pick<World, 'studyId'>, bundleId: string): Promise<Contents> {
  const blobs = new Map<string, Uint8Array>()
  await buildBundle(
    {
      asSystem: (studyId, work) => inWall(db, systemActor(studyId), (wall) => work(storesIn(wall))),
      snapshot: (actor, work) =>
        inSnapshotWall(db, actor, (wall) =>
          work({ stores: storesIn(wall), asSystem: (system) => asSystem(wall, (inner) => system(storesIn(inner))) }),
        ),
      files: { create: async () => newFile(blobs) },
      software: { name: 'FacetGrade', version: '0.0.0-test' },
    },
    { studyId: world.studyId, bundleId },
  )
  return blobs
}

function newFile(blobs: Map<string, Uint8Array>) {
  const pieces: Uint8Array[] = []
  return {
    write: async (bytes: Uint8Array) => {
      pieces.push(new Uint8Array(bytes))
    },
    finish: async () => {
      const whole = new Uint8Array(Buffer.concat(pieces))
      const sha256 = createHash('sha256').update(whole).digest('hex')
      blobs.set(sha256, whole)
      return { sha256, bytes: whole.length }
    },
  }
}

/** Asks for a bundle as the statistician and builds it. */
export async function aBuiltBundle(db: Db, world: World, { isBlinded }: { isBlinded: boolean }) {
  const { studyCode } = world
  const { exports } = world.as('statistician').caller
  const { bundleId } = await exports.createBundle({ studyCode, isBlinded })
  const blobs = await buildBundleInMemory(db, world, bundleId)
  const bundle = await exports.bundle({ studyCode, bundleId })
  const manifest = BundleManifest.parse(bundle.manifest)
  const bytes = (name: string): Uint8Array => {
    const file = manifest.files.find((candidate) => candidate.name === name)
    const found = blobs.get(file?.sha256 ?? '')
    if (!found) throw new Error(`the bundle has no ${name}`)
    return found
  }
  return {
    bundle,
    bundleId,
    manifest,
    bytes,
    text: (name: string): string => new TextDecoder().decode(bytes(name)),
    /** As a person unpacks it. */
    unpackTo(folder: string): void {
      for (const { name } of manifest.files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), bytes(name))
      }
      writeFileSync(join(folder, 'manifest.json'), manifestText(manifest))
    },
  }
}
