import { cellText } from '@facetgrade/grading/cell'
import { progress } from '@facetgrade/grading/progress'
import { foldEvents } from '@facetgrade/grading/reading-cells'
import { requiredCells } from '@facetgrade/grading/required-cells'
import type { ReauthenticationMethod, ReauthenticationProof } from '../actor.ts'
import { computeConsensus } from '../consensus/compute-consensus.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { readingForm } from './reading-form.ts'
import type { ChainHead } from './reading-store.ts'
import { SIGNING_STATEMENT } from './signing-statement.ts'

export type SignContext = Pick<OpenWall, 'stores' | 'asSystem'> & {
  actor: StudyActor
  reauthenticate(userId: string, proof: ReauthenticationProof): Promise<ReauthenticationMethod | undefined>
}

/**
 * Signs a complete reading. The head that the client saw last must be the head that stands, so nothing is signed unseen
 * and nothing unsent is forgotten. Consensus follows in the same transaction when the whole group has signed.
 */
export async function signReading(
  ctx: SignContext,
  input: { assignmentId: string; head: ChainHead; language: 'en' | 'zh'; proof: ReauthenticationProof },
): Promise<{ signedAt: string; method: ReauthenticationMethod }> {
  const { readings, audit } = ctx.stores
  if (!(await readings.ofAssignment(input.assignmentId))) throw new StudyError('NOT_FOUND')
  // Before the lock: the check of a proof takes its time by design, and nobody shall wait for it.
  const method = await ctx.reauthenticate(ctx.actor.userId, input.proof)
  if (!method) throw new StudyError('REAUTHENTICATION_FAILED')
  const reading = await readings.lockOfAssignment(input.assignmentId)
  if (!reading) throw new StudyError('NOT_FOUND')
  if (reading.signedAt !== null) throw new StudyError('READING_SIGNED')
  if (reading.returnedAt !== null) throw new StudyError('CASE_RETURNED')
  if (reading.head.sequence !== input.head.sequence || reading.head.hash !== input.head.hash) {
    throw new StudyError('READING_MOVED', { headSequence: reading.head.sequence })
  }
  const { protocol, levels } = await readingForm(ctx.stores, ctx.actor.studyId, reading)
  const answers = foldEvents(await readings.latestByCell(reading.readingId))
  const { open } = progress(requiredCells(protocol, reading.modality, levels), answers)
  if (open[0]) throw new StudyError('CELLS_OPEN', { open: open.length, first: cellText(open[0]) })
  const { readingId, memberId, head } = reading
  const signature = { readingId, memberId, method, statement: SIGNING_STATEMENT[input.language], headHash: head.hash }
  const { signedAt, ordinal } = await readings.sign(ctx.actor.studyId, signature)
  await audit.write({
    action: 'reading.signed',
    object: 'Reading',
    objectId: readingId,
    new: { ordinal, method, headHash: head.hash, sequence: head.sequence },
  })
  await ctx.asSystem((stores) => computeConsensus(stores, readingId))
  return { signedAt, method }
}
