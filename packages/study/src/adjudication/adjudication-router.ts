import { CellAnswer } from '@facetgrade/grading/cell'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { Proof } from '../people/people-input.ts'
import { router, studyProcedure } from '../procedure.ts'
import { confirmRoom } from './confirm-room.ts'
import { decideItem, decideItems } from './decide-item.ts'
import { OpenedRoom, openRoom } from './open-room.ts'

const RoomPage = z.strictObject({
  rows: z.array(
    z.strictObject({
      roomId: z.uuid(),
      round: z.string(),
      modality: Modality,
      state: z.enum(['open', 'confirmed', 'voided']),
      assignmentId: z.uuid(),
      position: z.int().positive(),
      items: z.int().positive(),
      decided: z.int().nonnegative(),
    }),
  ),
  next: z.uuid().nullable(),
})

const decision = {
  itemId: z.uuid(),
  decisionId: z.uuid(),
  value: CellAnswer,
  note: z.string().trim().min(1).max(500).nullable().default(null),
}

export const adjudicationRouter = router({
  /** The rooms of the reader's own pair. */
  rooms: studyProcedure({
    roles: ['reader'],
    input: { after: z.uuid().optional(), take: z.int().min(1).max(200).default(50) },
  })
    .output(RoomPage)
    .query(async ({ ctx, input: { after, take } }) => {
      const rows = await ctx.stores.adjudication.rooms({ memberId: ctx.actor.memberId, after, take: take + 1 })
      const page = rows.slice(0, take)
      return { rows: page, next: rows.length > take ? (page.at(-1)?.roomId ?? null) : null }
    }),
  /** Looking is an act: the first look is stamped. */
  open: studyProcedure({ roles: ['reader'], input: { roomId: z.uuid() } })
    .output(OpenedRoom)
    .query(({ ctx, input }) => openRoom(ctx, input.roomId)),
  decide: studyProcedure({
    roles: ['reader'],
    input: decision,
  })
    .output(z.void())
    .mutation(({ ctx, input: { studyCode: _studyCode, ...decided } }) => decideItem(ctx, decided)),
  /** Several cells of one room at once: all are taken, or none. */
  decideAll: studyProcedure({
    roles: ['reader'],
    input: { roomId: z.uuid(), decisions: z.array(z.strictObject(decision)).min(1).max(200) },
  })
    .output(z.void())
    .mutation(({ ctx, input }) => decideItems(ctx, input.roomId, input.decisions)),
  confirm: studyProcedure({
    roles: ['reader'],
    input: { roomId: z.uuid(), decisionsHash: z.string().regex(/^[0-9a-f]{64}$/), proof: Proof },
  })
    .output(z.strictObject({ state: z.enum(['open', 'confirmed']) }))
    .mutation(({ ctx, input }) => confirmRoom(ctx, input)),
})
