import type { AuditStore } from '../audit/audit-store.ts'
import type { StudyRole } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { addMember } from './add-member.ts'
import type { MemberRow, PeopleStore, Person } from './people-store.ts'
import { hashSecret, newSecret } from './secret-text.ts'

const INVITATION_VALID_MS = 72 * 3600 * 1000

/**
 * Where the one-time link leads on this installation. The secret is the fragment: browsers never send it, so no log has
 * it. Undefined: the person has an account already and only gained a role.
 */
export type Invitation = { userId: string; path: string | undefined; expiresInHours: number }
type Deps = { people: PeopleStore; audit: AuditStore }

export type StudyInvitation = {
  email: string
  name: string
  studyId: string
  role: StudyRole
  readerGroup: string | null
  invitedBy: string
}

/** Invites into a study: an account when there is none, the role, and a link when the person has yet to accept one. */
export async function inviteToStudy(deps: Deps, wanted: StudyInvitation): Promise<Invitation & { member: MemberRow }> {
  const person =
    (await deps.people.findByEmail(wanted.email)) ?? (await newPerson(deps, { ...wanted, isAdministrator: false }))
  const member = await addMember(deps, {
    studyId: wanted.studyId,
    userId: person.userId,
    role: wanted.role,
    readerGroup: wanted.readerGroup,
    createdBy: wanted.invitedBy,
  })
  return { ...(await linkFor(deps, person)), member }
}

/** Invites to the installation alone; an administrator's own colleague, or a person whose studies come later. */
export async function inviteAccount(
  deps: Deps,
  wanted: { email: string; name: string; isAdministrator: boolean },
): Promise<Invitation> {
  const known = await deps.people.findByEmail(wanted.email)
  if (known && (await deps.people.passwordHash(known.userId))) throw new StudyError('EMAIL_TAKEN')
  const person = known ?? (await newPerson(deps, wanted))
  if (person.isAdministrator !== wanted.isAdministrator)
    await deps.people.setAdministrator(person.userId, wanted.isAdministrator)
  return linkFor(deps, person)
}

/** A new link for a person who has not accepted; the earlier link stops working. */
export async function inviteAgain(deps: Deps, userId: string): Promise<Invitation> {
  const person = await deps.people.find(userId)
  if (!person || (await deps.people.passwordHash(userId))) throw new StudyError('NOT_FOUND')
  return linkFor(deps, person)
}

/** The link of a new installation. Whoever opens it becomes the administrator; an earlier link stops working. */
export async function inviteFirstAdministrator(people: PeopleStore): Promise<string | undefined> {
  if (!(await people.isInstallationNew())) return undefined
  return putInvitation(people, FIRST_ADMINISTRATOR)
}

/** Stands in an invitation's value where a user id would: the person gives their own address. */
export const FIRST_ADMINISTRATOR = 'first-administrator'

async function newPerson(
  deps: Deps,
  person: { name: string; email: string; isAdministrator: boolean },
): Promise<Person> {
  const created = await deps.people.createPerson({
    name: person.name,
    email: person.email,
    isAdministrator: person.isAdministrator,
  })
  await deps.audit.write({
    action: 'person.invited',
    object: 'User',
    objectId: created.userId,
    new: { isAdministrator: person.isAdministrator },
  })
  return created
}

async function linkFor(deps: Deps, person: Person): Promise<Invitation> {
  const hasAccepted = (await deps.people.passwordHash(person.userId)) !== undefined
  const path = hasAccepted ? undefined : await putInvitation(deps.people, person.userId)
  return { userId: person.userId, path, expiresInHours: INVITATION_VALID_MS / 3_600_000 }
}

async function putInvitation(people: PeopleStore, value: string): Promise<string> {
  const secret = newSecret()
  await people.dropOneTime('invitation', value)
  await people.putOneTime({ purpose: 'invitation', hash: hashSecret(secret), value, validForMs: INVITATION_VALID_MS })
  return `/invitation#${secret}`
}
