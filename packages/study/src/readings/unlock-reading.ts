import { supersedeConsensus } from '../consensus/supersede-consensus.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'

/** Takes the signature back for a stated reason: the reader grades on and signs anew; consensus on it no longer stands. */
export async function unlockReading(
  ctx: Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor },
  input: { readingId: string; reason: string },
): Promise<void> {
  const { readings, audit } = ctx.stores
  const reading = await readings.lock(input.readingId)
  if (!reading) throw new StudyError('NOT_FOUND')
  const signature = await readings.standingSignature(reading.readingId)
  if (!signature) throw new StudyError('READING_NOT_SIGNED')
  const { studyId, userId } = ctx.actor
  const { readingId } = reading
  await readings.unlock({
    studyId,
    readingId,
    signatureId: signature.signatureId,
    reason: input.reason,
    unlockedBy: userId,
  })
  await audit.write({
    action: 'reading.unlocked',
    object: 'Reading',
    objectId: readingId,
    old: { signedAt: signature.signedAt, headHash: signature.headHash },
    why: input.reason,
  })
  await ctx.asSystem((stores) => supersedeConsensus(stores, readingId))
}
