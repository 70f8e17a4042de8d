import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { firstRound } from '../reference/first-round.ts'
import { StudyError } from '../study-error.ts'
import { EvaluationResults } from './evaluation-results.ts'
import { runEvaluation } from './run-evaluation.ts'

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
  run: studyProcedure({
    roles: ['statistician', 'investigator'],
    input: { planId: z.uuid().optional() },
  }).mutation(({ ctx, input }) => runEvaluation(ctx, input.planId)),
  list: studyProcedure({ roles: ['statistician', 'investigator'], input: {} }).query(({ ctx }) =>
    ctx.stores.evaluation.list(ctx.actor.studyId),
  ),
  show: studyProcedure({ roles: ['statistician', 'investigator'], input: { evaluationId: z.uuid() } }).query(
    async ({ ctx, input }) => {
      const found = await ctx.stores.evaluation.find(input.evaluationId)
      if (!found) throw new StudyError('NOT_FOUND')
      const { inputs, results, ...summary } = found
      return { ...summary, inputs: EvaluationInputs.parse(inputs), results: EvaluationResults.parse(results) }
    },
  ),
})

const Versioned = { version: z.int(), hash: z.string() }
const EvaluationInputs = z.strictObject({
  plan: z.strictObject({ planId: z.uuid(), ...Versioned }),
  unsealing: z.strictObject({ unsealingId: z.uuid(), ordinal: z.int() }),
  protocol: z.strictObject(Versioned),
  reference: z.strictObject({ referenceId: z.uuid(), ...Versioned }),
  sealHash: z.string(),
  round: z.string(),
  comparators: z.array(z.strictObject({ code: z.string(), kind: z.enum(['reader', 'consensus']), group: z.string() })),
  signatureIds: z.array(z.uuid()),
  consensusIds: z.array(z.uuid()),
  patients: z.int(),
  cells: z.int(),
  cellsHash: z.string(),
})
