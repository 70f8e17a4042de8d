import { Analysis } from '@facetgrade/evaluation/evaluation-row'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { firstRound } from '../reference/first-round.ts'
import { StudyError } from '../study-error.ts'
import { EvaluationInputs } from './evaluation-inputs.ts'
import { evaluationDocument } from './evaluation-results.ts'
import { cancelEvaluation, orderDryRun, orderEvaluation } from './run-evaluation.ts'

const ANALYSTS = ['statistician', 'investigator'] as const
const analyses = { analyses: z.array(Analysis).min(1).optional() }

export const evaluationRouter = router({
  /** Where the study stands between the first signature and the last evaluation; no grade, no result. */
  state: studyProcedure({ roles: ['investigator', 'statistician', 'monitor'], input: {} }).query(async ({ ctx }) => {
    const { stores, actor } = ctx
    const { studyId } = actor
    const { protocol } = await stores.protocol.latest(studyId)
    const [plan] = await stores.plan.list(studyId)
    const mayKnow = actor.role !== 'monitor'
    const reference = mayKnow ? await stores.reference.latest(studyId) : undefined
    const evaluations = mayKnow ? await stores.evaluation.list(studyId) : []
    return {
      groups: await stores.evaluation.progress({ studyId, round: firstRound(protocol) }),
      reference: reference ? { version: reference.version, isStale: reference.isStale } : null,
      plan: plan ? { planId: plan.planId, version: plan.version, isLocked: plan.lock !== null } : null,
      unsealings: (await stores.unsealing.list(studyId)).length,
      evaluations: evaluations.length,
      latestIsStale: evaluations[0]?.isStale ?? false,
    }
  }),
  /** Orders the locked plan on the test part; a job computes it. */
  run: studyProcedure({ roles: ANALYSTS, input: { planId: z.uuid().optional() } }).mutation(({ ctx, input }) =>
    orderEvaluation(ctx, input.planId),
  ),
  /** Orders the whole plan on made-up data, before or after its lock. */
  dryRun: studyProcedure({ roles: ANALYSTS, input: { planId: z.uuid() } }).mutation(({ ctx, input }) =>
    orderDryRun(ctx, input.planId),
  ),
  /** How far a run is, and what came of it. */
  follow: studyProcedure({ roles: ANALYSTS, input: { runId: z.uuid() } }).query(async ({ ctx, input }) => {
    const run = await ctx.stores.evaluationRuns.find(input.runId)
    if (!run) throw new StudyError('NOT_FOUND')
    return run
  }),
  cancel: studyProcedure({ roles: ANALYSTS, input: { runId: z.uuid() } }).mutation(({ ctx, input }) =>
    cancelEvaluation(ctx, input.runId),
  ),
  list: studyProcedure({ roles: ANALYSTS, input: {} }).query(({ ctx }) =>
    ctx.stores.evaluation.list(ctx.actor.studyId),
  ),
  show: studyProcedure({ roles: ANALYSTS, input: { evaluationId: z.uuid(), ...analyses } }).query(
    async ({ ctx, input }) => {
      const found = await ctx.stores.evaluation.find(input.evaluationId)
      if (!found) throw new StudyError('NOT_FOUND')
      const { inputs, results, ...summary } = found
      const { kind: studyKind } = await ctx.stores.studies.show(ctx.actor.studyId)
      return {
        ...summary,
        inputs: EvaluationInputs.parse(inputs),
        results: evaluationDocument(results, input.analyses, studyKind),
      }
    },
  ),
  dryRuns: studyProcedure({ roles: ANALYSTS, input: {} }).query(({ ctx }) =>
    ctx.stores.evaluationRuns.dryRuns(ctx.actor.studyId),
  ),
  showDryRun: studyProcedure({ roles: ANALYSTS, input: { dryRunId: z.uuid(), ...analyses } }).query(
    async ({ ctx, input }) => {
      const found = await ctx.stores.evaluationRuns.dryRun(input.dryRunId)
      if (!found) throw new StudyError('NOT_FOUND')
      const results = evaluationDocument(found.results, input.analyses)
      return { ...found, results }
    },
  ),
})
