import { once } from 'node:events'
import { join } from 'node:path'
import { LIMITS } from '@facetgrade/dicom/limits'
import { StudyCode } from '@facetgrade/grading/study-code'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { receivePack, receivingImport } from '@facetgrade/study/imports/send-import'
import { actorIn, type OpenWall, type RequestContext, type StudyActor } from '@facetgrade/study/procedure'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { describeFailure } from '../failure-log.ts'
import type { Host } from '../host.ts'
import { UploadRefusal, uploadRefusal } from './upload-refusal.ts'

const MIB = 1024 * 1024
/** A pack holds about 10 MB, or one file of any allowed size. */
const MAX_PACK_BYTES = LIMITS.fileBytes + MIB
/** The upload, and the files that are unpacked from it. */
const COPIES = 2

const Place = z.strictObject({
  studyCode: StudyCode,
  importId: z.uuid(),
  packIndex: z.coerce.number().int().nonnegative().max(1_000_000),
})
type Place = z.infer<typeof Place>

/**
 * Packs of an import, each one request that may be made again: what was cut is sent once more from its beginning, what
 * was acknowledged is on disk with its row and its job.
 */
export async function uploadRoutes(app: FastifyInstance, host: Host): Promise<void> {
  const packs = await openBlobFolder(join(host.environment.FACETGRADE_DATA, 'packs'))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.put('/api/uploads/:studyCode/:importId/:packIndex', async (request, reply) => {
    try {
      const place = placeOf(request)
      const length = lengthOf(request)
      const context = await host.contextOf(request)
      const { studyCode, importId, packIndex } = place
      await inImport(context, studyCode, (wall) => receivingImport(wall, importId))
      await packs.assertRoom(length * COPIES)
      const { hash, bytes } = await packs.receive(request.raw)
      // A request that ended early never gets here: its stream fails.
      const { isNeeded } = await inImport(context, studyCode, (wall) =>
        receivePack(wall, { importId, packIndex, blobHash: hash, bytes }),
      )
      if (!isNeeded) await packs.remove(hash)
      return await reply.code(204).send()
    } catch (error) {
      if (request.raw.destroyed && !request.raw.complete) return reply.hijack() // the sender has gone
      const refusal = uploadRefusal(error)
      if (!refusal) host.log.error({ failure: describeFailure(error) }, 'upload failed')
      await drained(request)
      const { status, code } = refusal ?? { status: 500, code: 'UNEXPECTED' }
      return reply.code(status).send({ code })
    }
  })
}

function placeOf(request: FastifyRequest): Place {
  const place = Place.safeParse(request.params)
  if (!place.success) throw new UploadRefusal(400, 'UPLOAD_MALFORMED')
  return place.data
}

function lengthOf(request: FastifyRequest): number {
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  if (!Number.isSafeInteger(length) || length <= 0) throw new UploadRefusal(400, 'UPLOAD_MALFORMED')
  if (length > MAX_PACK_BYTES) throw new UploadRefusal(413, 'UPLOAD_TOO_LARGE')
  return length
}

/** A client that is still sending would see its connection reset and never the reason. */
async function drained({ raw }: FastifyRequest): Promise<void> {
  if (raw.complete || raw.destroyed) return
  raw.resume()
  await Promise.race([once(raw, 'end'), once(raw, 'close')])
}

/** One transaction as the study's coordinator. */
async function inImport<T>(
  context: RequestContext,
  studyCode: string,
  work: (wall: OpenWall & { actor: StudyActor }) => Promise<T>,
): Promise<T> {
  if (!context.session) throw new UploadRefusal(401, 'SIGNED_OUT')
  const actor = await actorIn(context, context.session, studyCode, ['coordinator'])
  return context.open(actor, (wall) => work({ ...wall, actor }))
}
