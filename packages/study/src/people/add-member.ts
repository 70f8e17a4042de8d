import type { AuditStore } from '../audit/audit-store.ts'
import type { StudyRole } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { MemberRow, PeopleStore } from './people-store.ts'

type Deps = { people: PeopleStore; audit: AuditStore }
export type WantedMember = {
  studyId: string
  userId: string
  role: StudyRole
  readerGroup: string | null
  createdBy: string
}

/**
 * Gives a person a role in a study. A reader holds no other role there: every other office sees clinical data, parts or
 * other readers' progress, and the readings would not be blinded.
 */
export async function addMember(deps: Deps, wanted: WantedMember): Promise<MemberRow> {
  const held = (await deps.people.membersOf(wanted.studyId, wanted.userId)).filter((member) => member.endedAt === null)
  if (held.some((member) => member.role === wanted.role)) throw new StudyError('ALREADY_MEMBER')
  if (held.length > 0 && (wanted.role === 'reader' || held.some((member) => member.role === 'reader')))
    throw new StudyError('READER_STANDS_ALONE')
  const member = await deps.people.addMember({ ...wanted, ...(await readerIdentity(deps.people, wanted)) })
  const { role, readerGroup, readerCode, userId } = member
  await deps.audit.write({
    action: 'member.added',
    object: 'Member',
    objectId: member.memberId,
    new: { userId, role, readerGroup, readerCode },
  })
  return member
}

/** Group and code of a reader. A person who comes back keeps the code under which their readings stand. */
async function readerIdentity(
  people: PeopleStore,
  wanted: WantedMember,
): Promise<{ readerGroup: string | null; readerCode: string | null }> {
  if (wanted.role !== 'reader') return { readerGroup: null, readerCode: null }
  const group = (await people.readerGroups(wanted.studyId)).find((candidate) => candidate.name === wanted.readerGroup)
  if (!group) throw new StudyError('READER_GROUP_UNKNOWN')
  const earlier = (await people.membersOf(wanted.studyId, wanted.userId)).find((member) => member.role === 'reader')
  if (earlier && earlier.readerGroup !== group.name) throw new StudyError('READER_IN_OTHER_GROUP')
  if (earlier) return { readerGroup: group.name, readerCode: earlier.readerCode }
  const taken = new Set(await people.readerCodes(wanted.studyId))
  for (let number = 1; number <= 99; number++) {
    const readerCode = `${group.codePrefix}${number}`
    if (!taken.has(readerCode)) return { readerGroup: group.name, readerCode }
  }
  throw new StudyError('READER_CODES_EXHAUSTED')
}
