import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { BundleRow } from './bundle-store.ts'

type Context = Pick<OpenWall, 'stores' | 'queue'> & { actor: StudyActor }

/**
 * Asks for a bundle; the worker writes it.
 *
 * @throws {StudyError} NOT_UNSEALED for an unblinded one while the test part is sealed
 */
export async function requestBundle(ctx: Context, { isBlinded }: { isBlinded: boolean }): Promise<BundleRow> {
  const { stores, actor } = ctx
  const { studyId, memberId, userId } = actor
  if (!isBlinded && (await stores.unsealing.list(studyId)).length === 0) throw new StudyError('NOT_UNSEALED')
  const bundle = await stores.bundles.create({ studyId, isBlinded, memberId, requestedBy: userId })
  const { bundleId, ordinal } = bundle
  await stores.audit.write({
    action: 'bundle.requested',
    object: 'Bundle',
    objectId: bundleId,
    new: { ordinal, isBlinded },
  })
  await ctx.queue.enqueue('bundle.build', { studyId, bundleId })
  return bundle
}
