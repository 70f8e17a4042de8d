import { Readable } from 'node:stream'
import { StudyCode } from '@facetgrade/grading/study-code'
import { exportFile } from '@facetgrade/study/export/export-file'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Host } from '../host.ts'

const Params = z.object({ studyCode: StudyCode, file: z.string().regex(/^[a-z-]{1,40}\.(csv|json)$/) })

/**
 * A study's export, file by file. The stream reads the next page when the client has taken the last one, so a slow client
 * costs neither memory nor a long transaction; a failure half way breaks the connection and never looks like an end.
 */
export async function exportRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/exports/:studyCode/:file', (request, reply) => sendExport(host, request, reply))
}

async function sendExport(host: Host, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const params = Params.safeParse(request.params)
  if (!params.success) return refuse(reply, new StudyError('NOT_FOUND'))
  try {
    const download = await exportFile(await host.contextOf(request), params.data)
    return await reply
      .header('cache-control', 'private, no-store')
      .header('content-type', download.mediaType)
      .header('content-disposition', `attachment; filename="${download.fileName}"`)
      .send(Readable.from(download.chunks))
  } catch (error) {
    if (error instanceof StudyError) return refuse(reply, error)
    throw error
  }
}

function refuse(reply: FastifyReply, error: StudyError): FastifyReply {
  const status = getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] }))
  return reply.status(status).header('cache-control', 'no-store').send({ code: error.code })
}
