import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { unseal } from './unseal.ts'

export const unsealingRouter = router({
  list: studyProcedure({ roles: ['investigator', 'statistician', 'monitor'], input: {} }).query(({ ctx }) =>
    ctx.stores.unsealing.list(ctx.actor.studyId),
  ),
  create: studyProcedure({
    roles: ['investigator'],
    input: { planId: z.uuid(), reason: z.string().trim().min(10).max(2000) },
  }).mutation(({ ctx, input }) => unseal(ctx, input)),
})
