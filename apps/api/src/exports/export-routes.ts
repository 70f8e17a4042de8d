import { Readable } from 'node:stream'
import { StudyCode } from '@facetgrade/grading/study-code'
import { exportFile } from '@facetgrade/study/export/export-file'
import { StudyError } from '@facetgrade/study/study-error'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Host } from '../host.ts'
import { bundleRoutes } from './bundle-routes.ts'
import { orRefusal } from './export-refusal.ts'

const Params = z.object({ studyCode: StudyCode, file: z.string().regex(/^[a-z-]{1,40}\.(csv|json)$/) })

/**
 * A study's tables as they stand now, file by file. The stream reads the next page when the client has taken the last one,
 * so a slow client costs neither memory nor a long transaction; a failure half way breaks the connection and never
 * looks like an end.
 */
export async function exportRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/exports/:studyCode/:file', (request, reply) => orRefusal(reply, () => sendExport(host, request, reply)))
  await bundleRoutes(app, host)
}

async function sendExport(host: Host, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const params = Params.safeParse(request.params)
  if (!params.success) throw new StudyError('NOT_FOUND')
  const download = await exportFile(await host.contextOf(request), params.data)
  return reply
    .header('cache-control', 'private, no-store')
    .header('content-type', download.mediaType)
    .header('content-disposition', `attachment; filename="${download.fileName}"`)
    .send(Readable.from(download.chunks))
}
