import type { DemoPeople, DemoPerson } from '@facetgrade/demo/demo-people'
import { type Api, openApi } from '../api.ts'
import { RefusedError } from '../refusal.ts'
import { type DemoState, SIMULATED, type Simulated } from './demo-state.ts'
import { signUp } from './sign-up.ts'

type Role = 'investigator' | 'coordinator' | 'statistician' | 'modeller' | 'monitor' | 'reader'
type Place = { role: Role; readerGroup: string | null }

const PLACES: Readonly<Record<Simulated, Place>> = {
  investigator: { role: 'investigator', readerGroup: null },
  coordinator: { role: 'coordinator', readerGroup: null },
  statistician: { role: 'statistician', readerGroup: null },
  modeller: { role: 'modeller', readerGroup: null },
  J1: { role: 'reader', readerGroup: 'junior' },
  J2: { role: 'reader', readerGroup: 'junior' },
  S1: { role: 'reader', readerGroup: 'senior' },
  S2: { role: 'reader', readerGroup: 'senior' },
}
const OFFICES = ['investigator', 'coordinator', 'statistician', 'modeller', 'monitor'] as const
/** Whom a visitor can be: one person in all offices, or in one alone; readers never hold a second office. */
const VISITORS: readonly { id: string; name: string; roles: readonly Role[] }[] = [
  { id: 'visitor', name: 'Visitor', roles: OFFICES },
  { id: 'visiting-reader', name: 'Visiting reader', roles: ['reader'] },
  ...OFFICES.map((role) => ({ id: `visiting-${role}`, name: `Visiting ${role}`, roles: [role] })),
]
const READER_GROUP = 'junior'
const TITLES = { demo: 'Demonstration on synthetic phantoms', synthetic: 'Synthetic phantoms' } as const

/** Reserved for what shall never resolve (RFC 2606). */
const emailOf = (studyCode: string, name: string): string => `${name.toLowerCase()}.${studyCode}@facetgrade.invalid`

/**
 * Founds the study and brings its simulated people in, each by their own one-time link. Going on with what was begun
 * invites only who is missing.
 */
export async function gatherPeople(administrator: Api, state: DemoState, save: () => void): Promise<void> {
  const { studyCode, address, people } = state
  for (const simulated of SIMULATED) {
    if (people[simulated]) continue
    const name = `Simulated ${simulated}`
    const email = emailOf(studyCode, simulated)
    const path =
      simulated === 'investigator'
        ? await foundStudy(administrator, { state, name, email })
        : await invited(state, { ...PLACES[simulated], name, email })
    people[simulated] = await signUp(address, { secret: secretOf(path), name })
    save()
  }
}

async function foundStudy(
  administrator: Api,
  { state, name, email }: { state: DemoState; name: string; email: string },
): Promise<string | undefined> {
  const invitation = await administrator.people.inviteAccount.mutate({ email, name })
  await administrator.studies.create.mutate({
    code: state.studyCode,
    title: TITLES[state.kind],
    kind: state.kind,
    investigatorEmail: email,
  })
  return invitation.path
}

async function invited(state: DemoState, person: Place & { name: string; email: string }): Promise<string | undefined> {
  const { path } = await simulatedApi(state, 'investigator').people.invite.mutate({
    studyCode: state.studyCode,
    ...person,
  })
  return path
}

function secretOf(path: string | undefined): string {
  const secret = path?.split('#')[1]
  if (secret === undefined) {
    throw new RefusedError(
      'DEMO_PERSON_KNOWN',
      'A simulated person has come in already, but not from here: name another study with --study.',
    )
  }
  return secret
}

export function simulatedApi(state: DemoState, simulated: Simulated): Api {
  const token = state.people[simulated]?.token
  if (token === undefined) throw new RangeError(`${simulated} has not come in`)
  return openApi(state.address, token, { retries: false })
}

export function demoPeople(state: DemoState): DemoPeople {
  const person = (simulated: Simulated): DemoPerson => ({
    api: simulatedApi(state, simulated),
    pin: state.people[simulated]?.pin ?? '',
  })
  const readers = (['J1', 'J2', 'S1', 'S2'] as const).map((code) => ({
    ...person(code),
    code,
    group: PLACES[code].readerGroup ?? '',
  }))
  return {
    studyCode: state.studyCode,
    investigator: person('investigator'),
    coordinator: person('coordinator'),
    statistician: person('statistician'),
    modeller: person('modeller'),
    readers,
  }
}

/** `link` is null when somebody came in by it already. */
export type Visitor = { roles: readonly Role[]; email: string; link: string | null }

/** One-time links for people to look around; whoever has used theirs signs in as themselves. */
export async function inviteVisitors(state: DemoState): Promise<Visitor[]> {
  const api = simulatedApi(state, 'investigator')
  const { studyCode, address } = state
  const members = await api.people.members.query({ studyCode, take: 200 })
  const visitors: Visitor[] = []
  for (const { id, name, roles } of VISITORS) {
    const email = emailOf(studyCode, id)
    const held = members.filter((member) => member.email === email && member.endedAt === null)
    let path: string | undefined
    for (const role of roles.filter((wanted) => !held.some((member) => member.role === wanted))) {
      const readerGroup = role === 'reader' ? READER_GROUP : null
      path = (await api.people.invite.mutate({ studyCode, email, name, role, readerGroup })).path
    }
    const [known] = held
    if (path === undefined && known && !known.hasAccepted) {
      path = (await api.people.inviteAgain.mutate({ studyCode, memberId: known.memberId })).path
    }
    visitors.push({ roles, email, link: path === undefined ? null : new URL(path, address).href })
  }
  return visitors
}
