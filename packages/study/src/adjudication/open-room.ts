import { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { Item, Room } from './adjudication-store.ts'
import { decisionsHash } from './decisions-hash.ts'

/** A room as its readers see it: no names, no codes, no patient. */
export const OpenedRoom = z.strictObject({
  roomId: z.uuid(),
  state: z.enum(['open', 'confirmed', 'voided']),
  modality: Modality,
  assignmentId: z.uuid(),
  position: z.int().positive(),
  protocolVersion: z.int().positive(),
  /** May the pair settle on "not assessable"? */
  notAssessableAllowed: z.boolean(),
  /** What to confirm: the decisions as they stand. */
  decisionsHash: z.string(),
  items: z.array(
    z.strictObject({
      itemId: z.uuid(),
      cell: CellKey,
      /** A, B, … */
      values: z.array(CellAnswer),
      decision: z
        .strictObject({
          decisionId: z.uuid(),
          value: CellAnswer,
          note: z.string().nullable(),
          byMe: z.boolean(),
          decidedAt: z.string(),
        })
        .nullable(),
    }),
  ),
  /** Of the decisions as they stand. `changed`: confirmed before, but a decision has changed since. */
  confirmations: z.strictObject({
    mine: z.enum(['none', 'confirmed', 'changed']),
    others: z.array(z.enum(['none', 'confirmed', 'changed'])),
  }),
})
export type OpenedRoom = z.infer<typeof OpenedRoom>

type AdjudicationContext = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

/**
 * The discordant cells of the actor's pair. The first look is stamped: from then on each knows the other's values, and
 * an unlock is an unlock after the blinding of this case ended.
 */
export async function openRoom(ctx: AdjudicationContext, roomId: string): Promise<OpenedRoom> {
  const { adjudication, audit, protocol } = ctx.stores
  const room = await adjudication.find(roomId, ctx.actor.memberId)
  if (!room) throw new StudyError('NOT_FOUND')
  const protocolVersion = await ctx.asSystem((system) => system.adjudication.protocolVersionOf(roomId))
  const version = await protocol.find(ctx.actor.studyId, protocolVersion)
  if (!version) throw new RangeError(`openRoom: no protocol version ${protocolVersion}`)
  if (room.state === 'open' && (await adjudication.noteOpened(roomId))) {
    await audit.write({ action: 'adjudication.opened', object: 'AdjudicationRoom', objectId: roomId })
  }
  const items = room.state === 'voided' ? [] : await adjudication.items(roomId)
  return {
    roomId,
    state: room.state,
    modality: room.modality,
    assignmentId: room.assignmentId,
    position: room.position,
    protocolVersion,
    notAssessableAllowed: version.protocol.adjudication.notAssessableAllowed,
    decisionsHash: decisionsHash(items),
    items: items.map((item) => shown(item, ctx.actor.memberId)),
    confirmations: await confirmationsOf(ctx, room, decisionsHash(items)),
  }
}

function shown({ itemId, cell, values, decision }: Item, memberId: string): OpenedRoom['items'][number] {
  if (!decision) return { itemId, cell, values: [...values], decision: null }
  const { decisionId, value, note, decidedBy, decidedAt } = decision
  return {
    itemId,
    cell,
    values: [...values],
    decision: { decisionId, value, note, byMe: decidedBy === memberId, decidedAt },
  }
}

async function confirmationsOf(
  ctx: AdjudicationContext,
  room: Room,
  hash: string,
): Promise<OpenedRoom['confirmations']> {
  const confirmations = await ctx.stores.adjudication.confirmations(room.roomId)
  const of = (memberId: string): OpenedRoom['confirmations']['mine'] => {
    const own = confirmations.filter((confirmation) => confirmation.memberId === memberId)
    if (own.some((confirmation) => confirmation.decisionsHash === hash)) return 'confirmed'
    return own.length > 0 ? 'changed' : 'none'
  }
  const { memberId } = ctx.actor
  return { mine: of(memberId), others: room.memberIds.filter((member) => member !== memberId).map(of) }
}
