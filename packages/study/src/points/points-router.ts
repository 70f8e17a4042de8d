import { JointPoint } from '@facetgrade/grading/points'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { importPoints, KeyedExamPoints, previewPoints } from './import-points.ts'
import { publishPoints } from './publish-points.ts'

/** Bounds a call; the command line sends a cohort in such portions, after it previewed all of them. */
const MAX_EXAMS = 200
const exams = z.array(KeyedExamPoints).min(1).max(MAX_EXAMS)

export const pointsRouter = router({
  preview: studyProcedure({ roles: ['coordinator'], input: { exams } }).mutation(({ ctx, input }) =>
    previewPoints(ctx, input.exams),
  ),
  import: studyProcedure({ roles: ['coordinator'], input: { exams } }).mutation(({ ctx, input }) =>
    importPoints(ctx, input.exams),
  ),
  publish: studyProcedure({
    roles: ['coordinator'],
    input: {
      examId: z.uuid(),
      points: z.array(JointPoint).min(1).max(200),
      /** The version that the person saw; 0 when there was none. */
      seenVersion: z.int().nonnegative(),
    },
  }).mutation(({ ctx, input }) => publishPoints(ctx, { ...input, source: 'coordinator' })),
  list: studyProcedure({
    roles: ['coordinator', 'investigator', 'modeller', 'monitor'],
    input: { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(100) },
  }).query(async ({ ctx, input }) => {
    const { after, limit } = input
    const rows = await ctx.stores.points.summaries(ctx.actor.studyId, { after, take: limit })
    return { rows, next: rows.length === limit ? (rows.at(-1)?.examId ?? null) : null }
  }),
  show: studyProcedure({
    roles: ['coordinator', 'investigator', 'modeller', 'monitor'],
    input: { examId: z.uuid() },
  }).query(async ({ ctx, input }) => {
    const [exam] = await ctx.stores.points.ground([input.examId])
    if (!exam) throw new StudyError('NOT_FOUND')
    return {
      examId: exam.examId,
      modality: exam.modality,
      versions: await ctx.stores.points.versions(input.examId),
    }
  }),
})
