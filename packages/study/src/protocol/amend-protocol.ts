import { checkProtocol, type ProtocolCheck } from '@facetgrade/grading/protocol'
import { type ProtocolChange, protocolDifference } from '@facetgrade/grading/protocol-difference'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { protocolHash } from './protocol-hash.ts'
import type { ProtocolVersion } from './protocol-store.ts'

type Problems = Extract<ProtocolCheck, { ok: false }>['problems']
export type AmendmentCheck =
  | { ok: true; changes: readonly ProtocolChange[]; version: number }
  | { ok: false; problems: Problems }

/** What an amendment would change, before anyone signs for it. Nothing is written. */
export async function checkAmendment(
  deps: { stores: Stores; actor: StudyActor },
  document: unknown,
): Promise<AmendmentCheck> {
  const checked = checkProtocol(document)
  if (!checked.ok) return checked
  const standing = await deps.stores.protocol.latest(deps.actor.studyId)
  return { ok: true, changes: protocolDifference(standing.protocol, checked.protocol), version: standing.version + 1 }
}

/**
 * Writes the next version. Readings keep the version they were made under; a version is never edited.
 *
 * @throws StudyError PROTOCOL_INVALID, PROTOCOL_UNCHANGED, PROTOCOL_CHANGED_MEANWHILE (someone amended first)
 */
export async function amendProtocol(
  deps: { stores: Stores; actor: StudyActor },
  input: { document: unknown; reason: string; basedOnVersion: number },
): Promise<ProtocolVersion> {
  const checked = checkProtocol(input.document)
  if (!checked.ok)
    throw new StudyError('PROTOCOL_INVALID', {
      problems: checked.problems.length,
      firstPath: checked.problems[0]?.path ?? '',
    })
  const standing = await deps.stores.protocol.latest(deps.actor.studyId)
  if (standing.version !== input.basedOnVersion)
    throw new StudyError('PROTOCOL_CHANGED_MEANWHILE', { version: standing.version })
  const changes = protocolDifference(standing.protocol, checked.protocol)
  if (changes.length === 0) throw new StudyError('PROTOCOL_UNCHANGED')
  const next = {
    version: standing.version + 1,
    protocol: checked.protocol,
    hash: protocolHash(checked.protocol),
    reason: input.reason,
    createdBy: deps.actor.userId,
  }
  const written = await deps.stores.protocol.append(deps.actor.studyId, next)
  if (!written) throw new StudyError('PROTOCOL_CHANGED_MEANWHILE', { version: next.version })
  await deps.stores.audit.write({
    action: 'protocol.amended',
    object: 'Protocol',
    objectId: deps.actor.studyId,
    old: { version: standing.version, hash: standing.hash },
    new: { version: next.version, hash: next.hash, changedPaths: changes.slice(0, 200).map((change) => change.path) },
    why: input.reason,
  })
  return written
}
