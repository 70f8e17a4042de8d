import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@facetgrade/db/connect'
import { storesIn } from '@facetgrade/db/stores'
import { asSystem, become, inWall, type Wall } from '@facetgrade/db/wall'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { Protocol } from '@facetgrade/grading/protocol'
import { enqueue, enqueueAll } from '@facetgrade/jobs/queue'
import type { Actor, ReauthenticationProof, Session } from '@facetgrade/study/actor'
import { type AppRouter, appRouter } from '@facetgrade/study/app-router'
import { callerFactory, type OpenWall, type RequestContext, type StudyRole } from '@facetgrade/study/procedure'
import type { PgBoss } from 'pg-boss'
import { sha256 } from './sha256.ts'

export const TEST_PIN = '271828'

/** The shipped protocol, parsed. */
export const shippedProtocol = (): Protocol =>
  Protocol.parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'protocols', 'lumbar-facet-joint.json'), 'utf8'),
    ),
  )

type Db = ReturnType<typeof connect>

/** The request context that the hosts build, on a test database; re-authentication takes TEST_PIN. */
export function contextOn(db: Db, boss: PgBoss, session: Session | null): RequestContext {
  const walled = (wall: Wall): OpenWall => ({
    stores: storesIn(wall),
    queue: {
      enqueue: (name, payload) => enqueue({ boss, transaction: wall }, name, payload),
      enqueueAll: (name, payloads) => enqueueAll({ boss, transaction: wall }, name, payloads),
    },
    become: (actor) => become(wall, actor),
    asSystem: (work) => asSystem(wall, (system) => work(storesIn(system))),
  })
  return {
    session,
    open: (actor: Actor, work) => inWall(db, actor, (wall) => work(walled(wall))),
    reauthenticate: async (_userId: string, proof: ReauthenticationProof) =>
      proof.method === 'pin' && proof.pin === TEST_PIN ? 'pin' : undefined,
  }
}

export type WorldPerson = {
  userId: string
  memberId: string
  role: StudyRole
  readerCode: string | null
  caller: ReturnType<AppRouter['createCaller']>
}

const PEOPLE = [
  ['investigator', null, null],
  ['coordinator', null, null],
  ['statistician', null, null],
  ['modeller', null, null],
  ['monitor', null, null],
  ['reader', 'junior', 'J1'],
  ['reader', 'junior', 'J2'],
  ['reader', 'senior', 'S1'],
  ['reader', 'senior', 'S2'],
] as const
export type PersonName =
  | 'investigator'
  | 'coordinator'
  | 'statistician'
  | 'modeller'
  | 'monitor'
  | 'J1'
  | 'J2'
  | 'S1'
  | 'S2'

export type World = {
  studyId: string
  studyCode: string
  as(name: PersonName): WorldPerson
  stranger: WorldPerson['caller']
  signedOut: WorldPerson['caller']
}

/** A study under the shipped protocol with one person per role and the four readers. */
export async function aWorld(
  db: Db,
  boss: PgBoss,
  options: { protocol?: Protocol; kind?: 'real' | 'synthetic' | 'demo' } = {},
): Promise<World> {
  const studyId = crypto.randomUUID()
  const studyCode = `w-${randomBytes(6).toString('hex')}`
  const protocol = options.protocol ?? shippedProtocol()
  const createCaller = callerFactory(appRouter)
  const sessionOf = (userId: string): Session => ({
    userId,
    name: 'Person',
    email: `${userId}@example.test`,
    isAdministrator: false,
    hasSecondFactor: true,
  })
  const callerOf = (userId: string) => createCaller(contextOn(db, boss, sessionOf(userId)))
  const newUser = async () => {
    const id = crypto.randomUUID()
    await db.user.create({ data: { id, name: 'Person', email: `${id}@example.test` } })
    return id
  }
  const founder = await newUser()
  const people = new Map<string, WorldPerson>()
  await inWall(db, { userId: founder, role: 'administrator', studyId, memberId: null }, async (wall) => {
    await wall.study.create({
      data: { id: studyId, code: studyCode, title: 'Test study', kind: options.kind ?? 'real', createdBy: founder },
    })
    const document = JSON.parse(JSON.stringify(protocol))
    await wall.protocolVersion.create({
      data: {
        studyId,
        version: 1,
        document,
        hash: sha256(canonicalJson(document)),
        reason: 'first version',
        createdBy: founder,
      },
    })
    for (const [role, readerGroup, readerCode] of PEOPLE) {
      const userId = await newUser()
      const member = await wall.member.create({
        data: { studyId, userId, role, readerGroup, readerCode, createdBy: founder },
      })
      people.set(readerCode ?? role, { userId, memberId: member.id, role, readerCode, caller: callerOf(userId) })
    }
  })
  const stranger = callerOf(await newUser())
  return {
    studyId,
    studyCode,
    as: (name) => {
      const person = people.get(name)
      if (!person) throw new Error(`no person ${name} in this world`)
      return person
    },
    stranger,
    signedOut: createCaller(contextOn(db, boss, null)),
  }
}
