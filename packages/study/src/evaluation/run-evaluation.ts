import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { EvaluationRunKind } from './evaluation-run-store.ts'
import { freezeEvaluation } from './freeze-evaluation.ts'
import { judgedModels } from './judged-models.ts'

type Context = Pick<OpenWall, 'stores' | 'asSystem' | 'queue'> & { actor: StudyActor }

/**
 * Orders the locked plan on the test part: model, each compared reader and each compared group's consensus against the
 * reference. What is not ready is refused now; the job checks again and computes.
 *
 * @param planId  absent: the plan of the latest unsealing
 */
export async function orderEvaluation(ctx: Context, planId: string | undefined): Promise<{ runId: string }> {
  const { studyId } = ctx.actor
  const frozen = await freezeEvaluation(ctx.stores, { studyId, planId })
  // Who trained on whom, and predictions of the test part, only the system sees of every model.
  await ctx.asSystem((system) => judgedModels(system, { studyId, plan: frozen.document }))
  return order(ctx, { kind: 'evaluation', planId: frozen.plan.planId })
}

/** Orders the whole plan on made-up data: nothing of the study but its protocol and the plan, locked or not, is read. */
export async function orderDryRun(ctx: Context, planId: string): Promise<{ runId: string }> {
  if (!(await ctx.stores.plan.find(planId))) throw new StudyError('NOT_FOUND')
  return order(ctx, { kind: 'dry_run', planId })
}

async function order(
  { stores, queue, actor }: Context,
  { kind, planId }: { kind: EvaluationRunKind; planId: string },
): Promise<{ runId: string }> {
  const { studyId, userId } = actor
  const runId = await stores.evaluationRuns.create({ studyId, kind, planId, requestedBy: userId })
  await queue.enqueue('evaluation.run', { studyId, runId })
  await stores.audit.write({
    action: kind === 'evaluation' ? 'evaluation.ordered' : 'dry_run.ordered',
    object: 'EvaluationRun',
    objectId: runId,
    new: { planId },
  })
  return { runId }
}

/** Stops a run that is not over. Nothing of it is kept. */
export async function cancelEvaluation({ stores }: Pick<Context, 'stores'>, runId: string): Promise<void> {
  if (!(await stores.evaluationRuns.find(runId))) throw new StudyError('NOT_FOUND')
  if (!(await stores.evaluationRuns.cancel(runId))) throw new StudyError('EVALUATION_OVER')
  await stores.audit.write({ action: 'evaluation.cancelled', object: 'EvaluationRun', objectId: runId })
}
