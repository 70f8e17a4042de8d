import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { CellAnswer } from '@facetgrade/grading/cell'
import type { Protocol } from '@facetgrade/grading/protocol'
import { scaleOf } from '@facetgrade/grading/protocol-cells'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { Item, Room } from './adjudication-store.ts'

export type DecideInput = {
  readonly itemId: string
  /** Made by the client: a repeated request is the same decision. */
  readonly decisionId: string
  readonly value: CellAnswer
  readonly note: string | null
}
type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

/** Appends a proposal of the pair's joint value for one discordant cell; the latest counts. */
export async function decideItem(ctx: Context, input: DecideInput): Promise<void> {
  const roomId = await ctx.stores.adjudication.roomIdOf(input.itemId)
  if (roomId === undefined) throw new StudyError('NOT_FOUND')
  await decideItems(ctx, roomId, [input])
}

/** The same for several cells of one room: all are appended, or none. */
export async function decideItems(ctx: Context, roomId: string, inputs: readonly DecideInput[]): Promise<void> {
  const { adjudication } = ctx.stores
  const room = await adjudication.lock(roomId, ctx.actor.memberId)
  if (!room) throw new StudyError('NOT_FOUND')
  const fresh = await withoutRepeated(ctx, inputs)
  if (fresh.length === 0) return
  if (room.state !== 'open') throw new StudyError('ADJUDICATION_CLOSED')
  const items = new Map((await adjudication.items(room.roomId)).map((item) => [item.itemId, item]))
  const version = await ctx.asSystem((system) => system.adjudication.protocolVersionOf(room.roomId))
  const protocol = (await ctx.stores.protocol.find(ctx.actor.studyId, version))?.protocol
  if (!protocol) throw new RangeError(`decideItems: no protocol version ${version}`)
  for (const { itemId, value } of fresh) {
    const item = items.get(itemId)
    if (!item) throw new StudyError('NOT_FOUND')
    checkValue(protocol, { room, item }, value)
  }
  await append(ctx, room, fresh)
}

function checkValue(protocol: Protocol, { room, item }: { room: Room; item: Item }, value: CellAnswer): void {
  const levels = scaleOf(protocol, room.modality, item.cell.feature)?.length ?? 0
  if (value.kind === 'graded' && value.grade >= levels) throw new StudyError('GRADE_OFF_SCALE')
  if (value.kind === 'not_assessable' && !protocol.adjudication.notAssessableAllowed) {
    throw new StudyError('NOT_ASSESSABLE_NOT_ALLOWED')
  }
}

async function append({ stores, actor }: Context, { roomId }: Room, inputs: readonly DecideInput[]): Promise<void> {
  const by = { studyId: actor.studyId, decidedBy: actor.memberId }
  const decisions = inputs.map(({ decisionId, itemId, value, note }) => ({ decisionId, itemId, value, note }))
  // One cell twice in one act would leave it open which of the two came last.
  if (new Set(decisions.map(({ itemId }) => itemId)).size < decisions.length) throw new StudyError('DECISION_ID_TAKEN')
  if ((await stores.adjudication.decide(by, decisions)) < decisions.length) throw new StudyError('DECISION_ID_TAKEN')
  // The trail is read by those who may see no grades: which cells were decided, never what.
  await stores.audit.write({
    action: 'adjudication.decided',
    object: 'AdjudicationRoom',
    objectId: roomId,
    new: { decisions: decisions.map(({ decisionId, itemId }) => ({ decisionId, itemId })) },
  })
}

/** Requests that arrive again after their answer was lost are left out. */
async function withoutRepeated({ stores, actor }: Context, inputs: readonly DecideInput[]): Promise<DecideInput[]> {
  const earlier = await stores.adjudication.decisions(inputs.map(({ decisionId }) => decisionId))
  const known = new Map(earlier.map((decision) => [decision.decisionId, decision]))
  return inputs.filter(({ decisionId, itemId, value, note }) => {
    const before = known.get(decisionId)
    if (!before) return true
    const isSame =
      before.itemId === itemId &&
      before.decidedBy === actor.memberId &&
      canonicalJson([before.value, before.note]) === canonicalJson([value, note])
    if (!isSame) throw new StudyError('DECISION_ID_TAKEN')
    return false
  })
}
