import { z } from 'zod'
import { evaluationDocument } from '../evaluation/evaluation-results.ts'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { failureImage } from './failure-image.ts'

export const reportRouter = router({
  /**
   * Where a joint of the failure gallery is seen: an instance, a frame and the joint's place in it. Only of joints that an
   * evaluation of the opened test part names; the pixels come by the exams' own route, under its own roles.
   */
  failureImage: studyProcedure({
    roles: ['investigator'],
    input: { evaluationId: z.uuid(), item: z.int().min(0).max(10_000) },
  }).query(async ({ ctx, input }) => {
    const { stores } = ctx
    const found = await stores.evaluation.find(input.evaluationId)
    if (!found) throw new StudyError('NOT_FOUND')
    const item = evaluationDocument(found.results, ['performance']).gallery[input.item]
    if (!item) throw new StudyError('NOT_FOUND')
    if (item.examId === null) return null
    const [ground] = await stores.points.ground([item.examId])
    const [published] = await stores.points.latest([item.examId])
    if (!ground || ground.isWithdrawn || !published) return null
    const image = failureImage(ground, published.points, item)
    if (!image) return null
    const instanceId = await stores.report.instanceOf({ examId: item.examId, sop: image.sop })
    if (instanceId === undefined) return null
    const { sop: _, ...place } = image
    return { instanceId, ...place }
  }),
})
