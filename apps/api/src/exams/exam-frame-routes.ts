import { StudyCode } from '@facetgrade/grading/study-code'
import { examFrame } from '@facetgrade/study/cases/open-case'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sendFrame } from '../cases/send-frame.ts'
import type { Host } from '../host.ts'

const Params = z.object({ instanceId: z.uuid(), frame: z.coerce.number().int().min(0).max(100_000) })
const Query = z.object({ study: StudyCode })

/** Frames by instance, for the office: X-ray sides, level numbering and points are settled on the images themselves. */
export async function examFrameRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/exams/instances/:instanceId/frames/:frame', (request, reply) => {
    const params = Params.safeParse(request.params)
    const query = Query.safeParse(request.query)
    if (!params.success || !query.success) return reply.status(404).send({ code: 'NOT_FOUND' })
    const { instanceId, frame } = params.data
    return sendFrame(
      host,
      { request, reply },
      {
        studyCode: query.data.study,
        roles: ['coordinator', 'investigator'],
        find: async (wall) => ({ ...(await examFrame(wall, instanceId)), frame }),
      },
    )
  })
}
