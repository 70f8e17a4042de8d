import { Readable } from 'node:stream'
import { StudyCode } from '@facetgrade/grading/study-code'
import type { BlobStore } from '@facetgrade/storage/blob-store'
import { actorIn } from '@facetgrade/study/procedure'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { trainedBlobs } from '@facetgrade/study/training-export/trained-blobs'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { shelfOf } from '../cases/send-frame.ts'
import type { Host } from '../host.ts'

const Body = z.strictObject({ studyCode: StudyCode, instanceIds: z.array(z.uuid()).min(1).max(4000) })

/** Images of training and validation patients for the modeller, many in one answer. */
export async function trainingImageRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.post('/api/training-export/instances', { bodyLimit: 512 * 1024 }, (request, reply) => send(host, request, reply))
}

/**
 * Each instance's bytes behind their length (four bytes, little endian), in the order asked. Who may have them is decided
 * before the first byte; a failure half way breaks the connection and never looks like an end.
 */
async function send(host: Host, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const body = Body.safeParse(request.body)
  if (!body.success) return refuse(reply, new StudyError('NOT_FOUND'))
  const { studyCode, instanceIds } = body.data
  try {
    const context = await host.contextOf(request)
    const { session } = context
    if (!session) throw new StudyError('SIGNED_OUT')
    if (!session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
    const actor = await actorIn(context, session, studyCode, ['modeller'])
    const hashes = await context.open(actor, (wall) => trainedBlobs(wall, actor, instanceIds))
    return await reply
      .header('cache-control', 'private, no-store')
      .header('content-type', 'application/octet-stream')
      .send(Readable.from(records(await shelfOf(host).blobs(), hashes), { objectMode: false }))
  } catch (error) {
    if (error instanceof StudyError) return refuse(reply, error)
    throw error
  }
}

async function* records(blobs: BlobStore, hashes: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const hash of hashes) {
    const bytes = await blobs.get(hash)
    const length = new DataView(new ArrayBuffer(4))
    length.setUint32(0, bytes.length, true)
    yield new Uint8Array(length.buffer)
    yield bytes
  }
}

function refuse(reply: FastifyReply, error: StudyError): FastifyReply {
  const status = getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] }))
  return reply.status(status).header('cache-control', 'no-store').send({ code: error.code })
}
