import { StudyCode } from '@facetgrade/grading/study-code'
import { z } from 'zod'
import { administratorProcedure, personProcedure, router, studyProcedure } from '../procedure.ts'
import { createStudy } from './create-study.ts'
import { STUDY_KINDS } from './study-store.ts'

const CreateStudyInput = z.strictObject({
  code: StudyCode,
  title: z.string().trim().min(3).max(200),
  kind: z.enum(STUDY_KINDS),
  document: z.unknown().optional(),
  investigatorEmail: z.email().optional(),
})

export const studiesRouter = router({
  mine: personProcedure().query(({ ctx }) => ctx.stores.studies.mine(ctx.actor.userId)),
  create: administratorProcedure.input(CreateStudyInput).mutation(({ ctx, input }) => createStudy(ctx, input)),
  show: studyProcedure({
    roles: ['investigator', 'coordinator', 'statistician', 'modeller', 'monitor', 'reader'],
    input: {},
  }).query(async ({ ctx }) => ({
    ...(await ctx.stores.studies.show(ctx.actor.studyId)),
    roles: (await ctx.stores.membership.rolesIn(ctx.actor.userId, ctx.actor.studyCode)).map(
      (membership) => membership.role,
    ),
  })),
})
