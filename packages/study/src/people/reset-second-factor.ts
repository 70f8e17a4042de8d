import type { AuditStore } from '../audit/audit-store.ts'
import { StudyError } from '../study-error.ts'
import type { PeopleStore } from './people-store.ts'

/**
 * The way back for a person who lost passkey, codes and recovery codes. Everything that could sign for them goes, their
 * sessions and tokens end, and they read at the next sign-in that it happened.
 */
export async function resetSecondFactor(
  deps: { people: PeopleStore; audit: AuditStore },
  wanted: { userId: string; byUserId: string; reason: string },
): Promise<void> {
  if (wanted.userId === wanted.byUserId) throw new StudyError('NOT_YOUR_OWN_FACTOR')
  const person = await deps.people.find(wanted.userId)
  if (!person) throw new StudyError('NOT_FOUND')
  await deps.people.removeFactors(wanted.userId)
  await deps.people.endSessions(wanted.userId)
  await deps.people.addNotice(wanted.userId, 'SECOND_FACTOR_RESET')
  await deps.audit.write({ action: 'second-factor.reset', object: 'User', objectId: wanted.userId, why: wanted.reason })
}
