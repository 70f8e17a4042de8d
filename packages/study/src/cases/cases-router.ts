import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { CaseView } from './case-view.ts'
import { openCase, showCase } from './open-case.ts'

export const casesRouter = router({
  /** Without opening it: for fetching the next case ahead. */
  show: studyProcedure({ roles: ['reader'], input: { assignmentId: z.uuid() } })
    .output(CaseView)
    .query(({ ctx, input }) => showCase(ctx, input.assignmentId)),
  open: studyProcedure({ roles: ['reader'], input: { assignmentId: z.uuid() } })
    .output(CaseView)
    .mutation(({ ctx, input }) => openCase(ctx, input.assignmentId)),
  /** The page has drawn the case's first image: the database notes when, once. */
  imageShown: studyProcedure({ roles: ['reader'], input: { assignmentId: z.uuid() } }).mutation(
    async ({ ctx, input }) => {
      const reading = await ctx.stores.readings.ofAssignment(input.assignmentId)
      if (!reading) throw new StudyError('NOT_FOUND')
      await ctx.stores.readings.noteFirstImage(reading.readingId)
    },
  ),
})
