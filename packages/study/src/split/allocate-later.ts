import { latePart } from '@facetgrade/grading/split'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { stratumIn } from './split-roster.ts'

/** What became of the call. Never the part: who signs screening does not see the split. */
export type LaterAllocation = 'allocated' | 'has_part' | 'not_eligible' | 'not_sealed'

/**
 * Gives a patient who became eligible after sealing the part that the seal fixed for that code: nobody can choose. Call
 * it under the system role, in the transaction that signs the patient eligible and after the decision is written: it
 * waits for a sealing that is under way, so a patient is either in the sealed roster or drawn here, and never neither.
 * Before sealing, and for a patient who has a part, nothing happens.
 */
export async function allocateLater(
  { split, unsealing, protocol: protocols, audit }: Pick<Stores, 'split' | 'unsealing' | 'protocol' | 'audit'>,
  { studyId, patientId }: { studyId: string; patientId: string },
): Promise<LaterAllocation> {
  await split.lock(studyId)
  const sealed = await split.sealed(studyId)
  if (!sealed) return 'not_sealed'
  const candidate = await split.candidate(studyId, patientId)
  if (candidate?.standing !== 'eligible') return 'not_eligible'
  const standing = await protocols.find(studyId, sealed.document.protocolVersion)
  if (!standing) throw new RangeError('allocateLater: the seal has lost its protocol version')
  await split.lockUnsealing(studyId)
  const isUnsealed = (await unsealing.list(studyId)).length > 0
  const part = latePart(sha256, sealed.document, { patientCode: candidate.patientCode, isUnsealed })
  const stratum = stratumIn(standing.protocol, candidate)
  if ((await split.allocate(studyId, [{ patientId, part, stratum, origin: 'later' }])) === 0) return 'has_part'
  await audit.write({
    action: 'split.allocated_later',
    object: 'Patient',
    objectId: patientId,
    new: { sealHash: sealed.sealHash, isUnsealed },
  })
  return 'allocated'
}
