import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { Unsealing } from './unsealing-store.ts'

/**
 * Opens the test part under a locked plan, for a stated reason. There is no way back: from here on the row policies let
 * investigators and statisticians select it, and every further opening is counted beside this one.
 */
export async function unseal(
  ctx: Pick<OpenWall, 'stores'> & { actor: StudyActor },
  { planId, reason }: { planId: string; reason: string },
): Promise<Unsealing> {
  const { stores, actor } = ctx
  const plan = await stores.plan.find(planId)
  if (!plan) throw new StudyError('NOT_FOUND')
  if (!plan.lock) throw new StudyError('PLAN_NOT_LOCKED')
  if (!(await stores.unsealing.sealHash(actor.studyId))) throw new StudyError('SPLIT_NOT_SEALED')
  const unsealing = await stores.unsealing.append({ studyId: actor.studyId, planId, reason, unsealedBy: actor.userId })
  await stores.audit.write({
    action: 'test.unsealed',
    object: 'Unsealing',
    objectId: unsealing.unsealingId,
    new: { ordinal: unsealing.ordinal, planVersion: plan.version, planHash: plan.hash },
    why: reason,
  })
  return unsealing
}
