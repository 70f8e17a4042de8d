import { join } from 'node:path'
import { LIMITS } from '@facetgrade/dicom/limits'
import { StudyCode } from '@facetgrade/grading/study-code'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { receivePack, receivingImport } from '@facetgrade/study/imports/send-import'
import { actorIn, type OpenWall, type RequestContext, type StudyActor } from '@facetgrade/study/procedure'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { describeFailure } from '../failure-log.ts'
import type { Host } from '../host.ts'
import { removeAbandoned } from './remove-abandoned.ts'
import { BAD_UPLOAD, NOT_FOUND, SIGNED_OUT, uploadRefusal } from './upload-refusal.ts'

const MIB = 1024 * 1024
/** A pack holds about 10 MB, or one file of any allowed size. */
const MAX_PACK_BYTES = LIMITS.fileBytes + MIB
/** The upload, and the files that are unpacked from it. */
const COPIES = 2
const CLEAN_EVERY_MS = 3600 * 1000

const Metadata = z.object({
  studyCode: StudyCode,
  importId: z.uuid(),
  packIndex: z.coerce.number().int().nonnegative().max(1_000_000),
})
const OwnedMetadata = Metadata.extend({ userId: z.string().min(1) })

/** Resumable uploads of import packs (tus 1.0). An upload belongs to the person who began it. */
export async function uploadRoutes(app: FastifyInstance, host: Host): Promise<void> {
  const folder = join(host.environment.FACETGRADE_DATA, 'uploads')
  const packs = await openBlobFolder(join(host.environment.FACETGRADE_DATA, 'packs'))
  // Without the store's own expiry: it looks an upload up again after it was taken over.
  const store = new FileStore({ directory: folder })
  const contexts = new WeakMap<object, RequestContext>()
  const contextOf = (request: { runtime?: { node?: { req: object } | undefined } | undefined }) => {
    const raw = request.runtime?.node?.req
    const context = raw ? contexts.get(raw) : undefined
    if (!context?.session) throw SIGNED_OUT
    return { context, session: context.session }
  }
  const ownMetadata = async (uploadId: string, userId: string) => {
    const upload = await store.getUpload(uploadId)
    const metadata = OwnedMetadata.safeParse(upload.metadata)
    if (!metadata.success || metadata.data.userId !== userId) throw NOT_FOUND
    return metadata.data
  }

  const tus = new Server({
    path: '/api/uploads',
    datastore: store,
    relativeLocation: true,
    maxSize: MAX_PACK_BYTES,
    disableTerminationForFinishedUploads: true,
    async onIncomingRequest(request, uploadId) {
      const { session } = contextOf(request)
      if (request.method !== 'POST' && uploadId) await ownMetadata(uploadId, session.userId)
    },
    async onUploadCreate(request, upload) {
      const { context, session } = contextOf(request)
      const metadata = Metadata.safeParse(upload.metadata)
      if (!metadata.success || upload.size === undefined) throw BAD_UPLOAD
      await inImport(context, metadata.data.studyCode, (wall) => receivingImport(wall, metadata.data.importId))
      await packs.assertRoom(upload.size * COPIES)
      return { metadata: { ...upload.metadata, userId: session.userId } }
    },
    async onUploadFinish(request, upload) {
      const { context, session } = contextOf(request)
      try {
        const { studyCode, importId, packIndex } = await ownMetadata(upload.id, session.userId)
        const { hash, bytes } = await packs.take(join(folder, upload.id))
        const { isNeeded } = await inImport(context, studyCode, (wall) =>
          receivePack(wall, { importId, packIndex, blobHash: hash, bytes }),
        )
        if (!isNeeded) await packs.remove(hash)
      } finally {
        // Whatever happened, this upload is over: asked for again, it is absent, and the sender begins it anew.
        await store.configstore.delete(upload.id)
      }
      return {}
    },
    onResponseError(_request, error) {
      if ('status_code' in error) return error
      const refusal = uploadRefusal(error)
      if (!refusal) host.log.error({ failure: describeFailure(error) }, 'upload failed')
      return refusal ?? { status_code: 500, body: JSON.stringify({ code: 'UNEXPECTED' }) }
    },
  })

  const clean = () => {
    removeAbandoned(folder).catch((error: unknown) => {
      host.log.error({ failure: describeFailure(error) }, 'abandoned uploads were not removed')
    })
  }
  clean()
  const cleaning = setInterval(clean, CLEAN_EVERY_MS).unref()
  app.addHook('onClose', async () => clearInterval(cleaning))

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const url of ['/api/uploads', '/api/uploads/*']) {
    app.all(url, async (request, reply) => {
      contexts.set(request.raw, await host.contextOf(request))
      reply.hijack()
      await tus.handle(request.raw, reply.raw)
    })
  }
}

/** One transaction as the study's coordinator. */
async function inImport<T>(
  context: RequestContext,
  studyCode: string,
  work: (wall: OpenWall & { actor: StudyActor }) => Promise<T>,
): Promise<T> {
  if (!context.session) throw SIGNED_OUT
  const actor = await actorIn(context, context.session, studyCode, ['coordinator'])
  return context.open(actor, (wall) => work({ ...wall, actor }))
}
