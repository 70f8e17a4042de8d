import type { AuditStore } from '../audit/audit-store.ts'
import { StudyError } from '../study-error.ts'
import { FIRST_ADMINISTRATOR } from './invite.ts'
import { hashPassword } from './password-hash.ts'
import { checkPassword } from './password-rule.ts'
import type { PeopleStore, Person } from './people-store.ts'
import { hashSecret } from './secret-text.ts'

type Deps = { people: PeopleStore; audit: AuditStore }
export type Acceptance = { secret: string; name: string; email: string | undefined; password: string }

/** What the page shows before anything is typed. Email is undefined on a new installation: the administrator gives it. */
export async function openInvitation(
  people: PeopleStore,
  secret: string,
): Promise<{ name: string; email: string | undefined }> {
  const value = await people.peekOneTime('invitation', hashSecret(secret))
  if (value === FIRST_ADMINISTRATOR && (await people.isInstallationNew())) return { name: '', email: undefined }
  const person = value === undefined ? undefined : await people.find(value)
  if (!person) throw new StudyError('INVITATION_INVALID')
  return { name: person.name, email: person.email }
}

/**
 * Sets name and password of an invited person, once. The session comes from signing in with them afterwards, and opens
 * nothing but the enrolment of a second factor.
 *
 * @throws {StudyError} INVITATION_INVALID (used, expired, unknown: one answer), PASSWORD_…, EMAIL_REQUIRED
 */
export async function acceptInvitation(deps: Deps, acceptance: Acceptance): Promise<{ email: string }> {
  const opened = await openInvitation(deps.people, acceptance.secret)
  const email = opened.email ?? acceptance.email
  if (email === undefined) throw new StudyError('EMAIL_REQUIRED')
  checkPassword(acceptance.password, { name: acceptance.name, email })
  const passwordHash = await hashPassword(acceptance.password)
  // Taken last: a refused password must not use the link up. A throw above or below rolls everything back.
  const value = await deps.people.takeOneTime('invitation', hashSecret(acceptance.secret))
  const person = await personOf(deps.people, value, { name: acceptance.name, email })
  await deps.people.setPassword(person.userId, passwordHash, acceptance.name)
  await deps.audit.write({ action: 'invitation.accepted', object: 'User', objectId: person.userId })
  return { email: person.email }
}

async function personOf(
  people: PeopleStore,
  value: string | undefined,
  given: { name: string; email: string },
): Promise<Person> {
  if (value === FIRST_ADMINISTRATOR) {
    const known = await people.findByEmail(given.email)
    if (known) await people.setAdministrator(known.userId, true)
    return known ?? people.createPerson({ ...given, isAdministrator: true })
  }
  const person = value === undefined ? undefined : await people.find(value)
  if (!person) throw new StudyError('INVITATION_INVALID')
  return person
}
