import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import type { ReauthenticationProof } from '../actor.ts'
import type { OpenWall, RequestContext, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { Item, Room } from './adjudication-store.ts'
import { decisionsHash } from './decisions-hash.ts'

export type ConfirmInput = {
  readonly roomId: string
  /** Of the decisions that the reader saw. */
  readonly decisionsHash: string
  readonly proof: ReauthenticationProof
}

/**
 * A reader of the pair confirms the room's decisions as they stand. When all of the pair have confirmed exactly the same
 * ones, the cells become consensus and the room closes.
 */
export async function confirmRoom(
  ctx: Pick<OpenWall, 'stores' | 'asSystem'> & Pick<RequestContext, 'reauthenticate'> & { actor: StudyActor },
  input: ConfirmInput,
): Promise<{ state: 'open' | 'confirmed' }> {
  const { adjudication, audit } = ctx.stores
  const { studyId, memberId, userId } = ctx.actor
  if (!(await adjudication.find(input.roomId, memberId))) throw new StudyError('NOT_FOUND')
  // Before the lock: the check of a proof takes its time by design, and nobody shall wait for it.
  const method = await ctx.reauthenticate(userId, input.proof)
  if (!method) throw new StudyError('REAUTHENTICATION_FAILED')
  const room = await adjudication.lock(input.roomId, memberId)
  if (!room) throw new StudyError('NOT_FOUND')
  if (room.state !== 'open') throw new StudyError('ADJUDICATION_CLOSED')
  const items = await adjudication.items(room.roomId)
  const open = items.filter(({ decision }) => decision === null).length
  if (open > 0) throw new StudyError('ADJUDICATION_INCOMPLETE', { open })
  const hash = decisionsHash(items)
  if (hash !== input.decisionsHash) throw new StudyError('DECISIONS_CHANGED')
  await adjudication.confirm({ studyId, roomId: room.roomId, memberId, decisionsHash: hash, method })
  await audit.write({
    action: 'adjudication.confirmed',
    object: 'AdjudicationRoom',
    objectId: room.roomId,
    new: { decisionsHash: hash, method },
  })
  return { state: await close(ctx, { room, items, hash }) }
}

async function close(
  ctx: Pick<OpenWall, 'stores' | 'asSystem'>,
  { room, items, hash }: { room: Room; items: readonly Item[]; hash: string },
): Promise<'open' | 'confirmed'> {
  const confirmations = await ctx.stores.adjudication.confirmations(room.roomId)
  const confirmed = new Set(
    confirmations.filter(({ decisionsHash }) => decisionsHash === hash).map(({ memberId }) => memberId),
  )
  if (!room.memberIds.every((memberId) => confirmed.has(memberId))) return 'open'
  const cells = items.flatMap(({ cell, decision }): ConsensusCell[] =>
    decision ? [{ cell, value: decision.value, source: 'adjudicated' }] : [],
  )
  await ctx.asSystem(async (system) => {
    await system.adjudication.complete(room, cells)
    await system.audit.write({
      action: 'consensus.completed',
      object: 'Consensus',
      objectId: room.consensusId,
      new: { adjudicated: cells.length, decisionsHash: hash },
    })
  })
  return 'confirmed'
}
