import { join } from 'node:path'
import { extractFrame, type Frame } from '@facetgrade/dicom/frames'
import { type BlobStore, openBlobFolder } from '@facetgrade/storage/blob-store'
import type { StudyRole } from '@facetgrade/study/procedure'
import { actorIn, type OpenWall, type StudyActor } from '@facetgrade/study/procedure'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Host } from '../host.ts'
import { type FrameCache, frameCache } from './frame-cache.ts'

const CACHE_BYTES = 256 * 1024 * 1024

export type FrameShelf = { blobs: () => Promise<BlobStore>; cache: FrameCache }

const shelves = new WeakMap<Host, FrameShelf>()

/** One bounded cache and one blob folder a process, shared by the reader's route and the office's. */
export function shelfOf(host: Host): FrameShelf {
  const known = shelves.get(host)
  if (known) return known
  let opened: Promise<BlobStore> | undefined
  const blobs = () => {
    opened ??= openBlobFolder(join(host.environment.FACETGRADE_DATA, 'blobs'))
    return opened
  }
  const shelf = { blobs, cache: frameCache(CACHE_BYTES) }
  shelves.set(host, shelf)
  return shelf
}

type Source = { blobHash: string; frame: number }
type Asked = {
  studyCode: string
  roles: readonly StudyRole[]
  find(wall: OpenWall, actor: StudyActor): Promise<Source>
}

/**
 * Authorises on every request, then sends the bare pixels: stored values, little endian, with what the page needs to
 * show them in one header. Never a DICOM file. Another's and an absent image get the same answer.
 */
export async function sendFrame(
  host: Host,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  asked: Asked,
): Promise<FastifyReply> {
  try {
    const context = await host.contextOf(request)
    const { session } = context
    if (!session) throw new StudyError('SIGNED_OUT')
    if (!session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
    const actor = await actorIn(context, session, asked.studyCode, asked.roles)
    const source = await context.open(actor, (wall) => asked.find(wall, actor))
    const frame = await loadFrame(host, source)
    return await reply
      .header('cache-control', 'private, no-store')
      .header('content-type', 'application/octet-stream')
      .header('x-facetgrade-frame', JSON.stringify(shownMetadata(frame)))
      .send(Buffer.from(frame.pixels.buffer, frame.pixels.byteOffset, frame.pixels.byteLength))
  } catch (error) {
    if (error instanceof StudyError) return refuse(reply, error)
    throw error
  }
}

async function loadFrame(host: Host, { blobHash, frame }: Source): Promise<Frame> {
  const { blobs, cache } = shelfOf(host)
  try {
    return await cache.get(`${blobHash}/${frame}`, async () => {
      const found = await extractFrame(await (await blobs()).get(blobHash), frame)
      // A copy: a view would keep the whole file in memory under the cache's count of one frame.
      return { ...found, pixels: found.pixels.slice() }
    })
  } catch (error) {
    if (error instanceof RangeError) throw new StudyError('NOT_FOUND')
    throw error
  }
}

/** Only what shows the pixels: where a frame lies the page knows from the case. */
function shownMetadata({ metadata }: Frame) {
  const { rows, columns, bitsAllocated, isSigned, photometric, rescaleSlope, rescaleIntercept, windows } = metadata
  return { rows, columns, bitsAllocated, isSigned, photometric, rescaleSlope, rescaleIntercept, windows }
}

function refuse(reply: FastifyReply, error: StudyError): FastifyReply {
  const status = getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] }))
  return reply.status(status).header('cache-control', 'no-store').send({ code: error.code })
}
