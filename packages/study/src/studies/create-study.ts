import { checkProtocol, type Protocol } from '@facetgrade/grading/protocol'
import type { Actor } from '../actor.ts'
import { protocolHash } from '../protocol/protocol-hash.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { shippedProtocol } from './shipped-protocol.ts'
import type { StudyKind, StudyRow } from './study-store.ts'

export type CreateStudy = {
  code: string
  title: string
  kind: StudyKind
  /** Left out: the shipped facet-joint protocol. */
  document?: unknown
  /** Left out: the founder becomes the study's investigator. */
  investigatorEmail?: string | undefined
}

/**
 * Founds a study with the first version of its protocol and its investigator. Founding gives no office inside: an
 * administrator who names another investigator sees nothing of the study.
 *
 * @throws StudyError PROTOCOL_INVALID, PERSON_UNKNOWN, STUDY_CODE_TAKEN
 */
export async function createStudy(deps: { stores: Stores; actor: Actor }, input: CreateStudy): Promise<StudyRow> {
  const protocol = input.document === undefined ? shippedProtocol : parsedProtocol(input.document)
  const investigator =
    input.investigatorEmail === undefined
      ? { userId: deps.actor.userId }
      : await deps.stores.studies.userByEmail(input.investigatorEmail)
  if (!investigator) throw new StudyError('PERSON_UNKNOWN')
  const study = await deps.stores.studies.create({
    code: input.code,
    title: input.title,
    kind: input.kind,
    protocol,
    protocolHash: protocolHash(protocol),
    createdBy: deps.actor.userId,
    investigatorUserId: investigator.userId,
  })
  if (!study) throw new StudyError('STUDY_CODE_TAKEN')
  await deps.stores.audit.write({
    action: 'study.created',
    object: 'Study',
    objectId: study.studyId,
    new: { code: study.code, kind: study.kind, investigator: investigator.userId },
  })
  return study
}

function parsedProtocol(document: unknown): Protocol {
  const checked = checkProtocol(document)
  if (!checked.ok)
    throw new StudyError('PROTOCOL_INVALID', {
      problems: checked.problems.length,
      firstPath: checked.problems[0]?.path ?? '',
    })
  return checked.protocol
}
