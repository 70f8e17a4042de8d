import { PassThrough } from 'node:stream'
import type { JobPayload } from '@facetgrade/jobs/catalog'
import type { BlobStore } from '@facetgrade/storage/blob-store'
import { buildBundle } from '@facetgrade/study/export/build-bundle'
import type { NewFile } from '@facetgrade/study/export/bundle-writer'
import packageJson from '../../package.json' with { type: 'json' }
import type { WorkerContext } from '../worker-context.ts'

const SOFTWARE = { name: 'FacetGrade', version: packageJson.version }

export async function buildBundleJob(ctx: WorkerContext, place: JobPayload<'bundle.build'>): Promise<void> {
  await buildBundle(
    {
      asSystem: (studyId, work) => ctx.asSystemIn(studyId, ({ stores }) => work(stores)),
      snapshot: (actor, work) => ctx.inSnapshot(actor, work),
      files: { create: async () => newFile(ctx.blobs) },
      software: SOFTWARE,
    },
    place,
  )
}

/** After the last attempt: who asked must not wait for ever. */
export async function giveUpBundle(
  ctx: WorkerContext,
  { studyId, bundleId }: JobPayload<'bundle.build'>,
): Promise<void> {
  await ctx.asSystemIn(studyId, ({ stores }) => stores.bundles.fail(bundleId, 'BUNDLE_NOT_BUILT'))
}

/** Pieces that are pushed become the stream that the blob store takes; a full disk holds the writer back. */
function newFile(blobs: BlobStore): NewFile {
  const pipe = new PassThrough({ highWaterMark: 1024 * 1024 })
  const received = blobs.receive(pipe)
  // The failure is told to whoever writes or finishes; until then it must not end the process.
  received.catch((error: unknown) => pipe.destroy(error instanceof Error ? error : new Error('the file was not taken')))
  return {
    write: async (bytes) => {
      if (pipe.destroyed) await received
      if (!pipe.write(bytes)) await Promise.race([new Promise((resolve) => pipe.once('drain', resolve)), received])
    },
    finish: async () => {
      pipe.end()
      const { hash, bytes } = await received
      return { sha256: hash, bytes }
    },
  }
}
