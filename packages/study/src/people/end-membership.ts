import type { AuditStore } from '../audit/audit-store.ts'
import { StudyError } from '../study-error.ts'
import type { PeopleStore } from './people-store.ts'

/** Ends a role; the row and what was done under it stay. The last investigator of a study cannot be removed. */
export async function endMembership(
  deps: { people: PeopleStore; audit: AuditStore },
  wanted: { studyId: string; memberId: string; reason: string },
): Promise<void> {
  const member = await deps.people.member(wanted.studyId, wanted.memberId)
  if (!member || member.endedAt !== null) throw new StudyError('NOT_FOUND')
  if (member.role === 'investigator' && (await deps.people.countMembers(wanted.studyId, 'investigator')) <= 1)
    throw new StudyError('LAST_INVESTIGATOR')
  if (!(await deps.people.endMember(wanted.studyId, wanted.memberId))) throw new StudyError('NOT_FOUND')
  await deps.audit.write({
    action: 'member.ended',
    object: 'Member',
    objectId: member.memberId,
    old: { role: member.role, userId: member.userId },
    why: wanted.reason,
  })
}
