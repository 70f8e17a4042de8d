import { readAnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import { defaultAnalysisPlan } from '@facetgrade/evaluation/default-analysis-plan'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { createPlan } from './create-plan.ts'

export const planRouter = router({
  /** The plan that ships, for this study's protocol; it can be created and locked as it is. */
  default: studyProcedure({ roles: ['statistician', 'investigator'], input: {} }).query(async ({ ctx }) => {
    const { protocol } = await ctx.stores.protocol.latest(ctx.actor.studyId)
    return defaultAnalysisPlan(protocol)
  }),
  list: studyProcedure({ roles: ['statistician', 'investigator', 'monitor'], input: {} }).query(({ ctx }) =>
    ctx.stores.plan.list(ctx.actor.studyId),
  ),
  show: studyProcedure({ roles: ['statistician', 'investigator', 'monitor'], input: { planId: z.uuid() } }).query(
    async ({ ctx, input }) => {
      const plan = await ctx.stores.plan.find(input.planId)
      if (!plan) throw new StudyError('NOT_FOUND')
      return { ...plan, document: readAnalysisPlan(plan.document) }
    },
  ),
  create: studyProcedure({ roles: ['statistician', 'investigator'], input: { document: z.unknown() } }).mutation(
    ({ ctx, input }) => createPlan(ctx, input.document),
  ),
  /** Once, for ever: a locked plan is what an unsealing names. */
  lock: studyProcedure({ roles: ['statistician', 'investigator'], input: { planId: z.uuid() } }).mutation(
    async ({ ctx, input: { planId } }) => {
      const { stores, actor } = ctx
      const plan = await stores.plan.find(planId)
      if (!plan) throw new StudyError('NOT_FOUND')
      if (!(await stores.plan.lock({ studyId: actor.studyId, planId, lockedBy: actor.userId }))) {
        throw new StudyError('PLAN_LOCKED')
      }
      await stores.audit.write({
        action: 'plan.locked',
        object: 'AnalysisPlan',
        objectId: planId,
        new: { version: plan.version, hash: plan.hash },
      })
    },
  ),
})
