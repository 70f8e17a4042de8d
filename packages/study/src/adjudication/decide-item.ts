import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { CellAnswer } from '@facetgrade/grading/cell'
import { scaleOf } from '@facetgrade/grading/protocol-cells'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'

export type DecideInput = {
  readonly itemId: string
  /** Made by the client: a repeated request is the same decision. */
  readonly decisionId: string
  readonly value: CellAnswer
  readonly note: string | null
}

/** Appends a proposal of the pair's joint value for one discordant cell; the latest counts. */
export async function decideItem(
  ctx: Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor },
  input: DecideInput,
): Promise<void> {
  const { adjudication, audit } = ctx.stores
  const { studyId, memberId } = ctx.actor
  const roomId = await adjudication.roomIdOf(input.itemId)
  const room = roomId === undefined ? undefined : await adjudication.lock(roomId, memberId)
  if (!room) throw new StudyError('NOT_FOUND')
  if (await isRepeated(ctx, input)) return
  if (room.state !== 'open') throw new StudyError('ADJUDICATION_CLOSED')
  const item = (await adjudication.items(room.roomId)).find(({ itemId }) => itemId === input.itemId)
  if (!item) throw new StudyError('NOT_FOUND')
  const version = await ctx.asSystem((system) => system.adjudication.protocolVersionOf(room.roomId))
  const protocol = (await ctx.stores.protocol.find(studyId, version))?.protocol
  if (!protocol) throw new RangeError(`decideItem: no protocol version ${version}`)
  const levels = scaleOf(protocol, room.modality, item.cell.feature)?.length ?? 0
  if (input.value.kind === 'graded' && input.value.grade >= levels) throw new StudyError('GRADE_OFF_SCALE')
  if (input.value.kind === 'not_assessable' && !protocol.adjudication.notAssessableAllowed) {
    throw new StudyError('NOT_ASSESSABLE_NOT_ALLOWED')
  }
  if (!(await adjudication.decide({ studyId, decidedBy: memberId, ...input })))
    throw new StudyError('DECISION_ID_TAKEN')
  // The trail is read by those who may see no grades: which cell was decided, never what.
  await audit.write({
    action: 'adjudication.decided',
    object: 'AdjudicationDecision',
    objectId: input.decisionId,
    new: { roomId: room.roomId, itemId: input.itemId },
  })
}

/** A request that arrives again after its answer was lost. */
async function isRepeated(
  { stores, actor }: { stores: OpenWall['stores']; actor: StudyActor },
  input: DecideInput,
): Promise<boolean> {
  const earlier = await stores.adjudication.decision(input.decisionId)
  if (!earlier) return false
  const isSame =
    earlier.itemId === input.itemId &&
    earlier.decidedBy === actor.memberId &&
    canonicalJson([earlier.value, earlier.note]) === canonicalJson([input.value, input.note])
  if (!isSame) throw new StudyError('DECISION_ID_TAKEN')
  return true
}
