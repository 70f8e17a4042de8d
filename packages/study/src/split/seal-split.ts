import type { ReauthenticationMethod, ReauthenticationProof } from '../actor.ts'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { sealHash } from './seal-hash.ts'
import { drawSplit, studyRoster } from './split-roster.ts'

/**
 * Seals the split that was previewed, for ever: document, one allocation a patient and the audit entry, or none of them.
 * Who seals names the roster and the protocol version that they saw; anything else than these is refused.
 *
 * @throws StudyError SPLIT_SEALED, SPLIT_NOT_PREVIEWED, SPLIT_ROSTER_EMPTY, SPLIT_ROSTER_CHANGED,
 *   PROTOCOL_CHANGED_MEANWHILE, REAUTHENTICATION_FAILED
 */
export async function sealSplit(
  ctx: {
    stores: Stores
    actor: StudyActor
    reauthenticate(userId: string, proof: ReauthenticationProof): Promise<ReauthenticationMethod | undefined>
  },
  input: { rosterHash: string; protocolVersion: number; proof: ReauthenticationProof },
): Promise<{ sealHash: string }> {
  const { split, audit, protocol: protocols } = ctx.stores
  const { studyId, userId } = ctx.actor
  // Before the lock: the check of a proof takes its time by design, and nobody shall wait for it.
  const method = await ctx.reauthenticate(userId, input.proof)
  if (!method) throw new StudyError('REAUTHENTICATION_FAILED')
  await split.lock(studyId)
  if (await split.sealed(studyId)) throw new StudyError('SPLIT_SEALED')
  const drawn = await split.seed(studyId)
  if (!drawn) throw new StudyError('SPLIT_NOT_PREVIEWED')
  const standing = await protocols.latest(studyId)
  if (standing.version !== input.protocolVersion) {
    throw new StudyError('PROTOCOL_CHANGED_MEANWHILE', { version: standing.version })
  }
  const { entries } = studyRoster(standing.protocol, await split.candidates(studyId))
  if (entries.length === 0) throw new StudyError('SPLIT_ROSTER_EMPTY')
  const document = drawSplit(standing, drawn.seed, entries)
  if (document.rosterHash !== input.rosterHash) {
    throw new StudyError('SPLIT_ROSTER_CHANGED', { patients: entries.length })
  }
  const hash = sealHash(document)
  if (!(await split.seal(studyId, { document, sealHash: hash, sealedBy: userId }))) throw new StudyError('SPLIT_SEALED')
  const patientIds = new Map(entries.map(({ patientCode, patientId }) => [patientCode, patientId]))
  const written = await split.allocate(
    studyId,
    document.allocations.flatMap(({ patientCode, part, stratum }) => {
      const patientId = patientIds.get(patientCode)
      return patientId === undefined ? [] : [{ patientId, part, stratum, origin: 'sealed' as const }]
    }),
  )
  if (written !== entries.length) throw new RangeError('sealSplit: a patient of the roster had a part before the seal')
  await audit.write({
    action: 'split.sealed',
    object: 'SplitSeal',
    objectId: studyId,
    new: {
      sealHash: hash,
      rosterHash: document.rosterHash,
      algorithmVersion: document.algorithmVersion,
      protocolVersion: standing.version,
      counts: document.counts,
      method,
    },
  })
  return { sealHash: hash }
}
