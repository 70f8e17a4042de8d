import { StudyCode } from '@facetgrade/grading/study-code'
import { caseFrame } from '@facetgrade/study/cases/open-case'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Host } from '../host.ts'
import { sendFrame } from './send-frame.ts'

const Index = z.coerce.number().int().min(0).max(100_000)
const Params = z.object({ assignmentId: z.uuid(), series: Index, frame: Index })
const Query = z.object({ study: StudyCode })

/** Frames of a reader's own case, by series and frame index that mean something in this assignment alone. */
export async function caseFrameRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/cases/:assignmentId/series/:series/frames/:frame', (request, reply) => {
    const params = Params.safeParse(request.params)
    const query = Query.safeParse(request.query)
    if (!params.success || !query.success) return reply.status(404).send({ code: 'NOT_FOUND' })
    return sendFrame(
      host,
      { request, reply },
      {
        studyCode: query.data.study,
        roles: ['reader'],
        find: (wall) => caseFrame(wall, params.data),
      },
    )
  })
}
