import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { contextOn, type PersonName } from '@facetgrade/testing/study-world'
import { aWalkedWorld, type WalkedWorld } from '@facetgrade/testing/walked-world'
import { TRPCError } from '@trpc/server'
import { beforeAll, expect, test } from 'vitest'
import type { Session } from './actor.ts'
import { appRouter } from './app-router.ts'
import { everyExample } from './every-example.ts'
import type { Example } from './example.ts'
import { type Access, callerFactory, type RequestContext } from './procedure.ts'
import { StudyError } from './study-error.ts'

/** Every procedure × every role × one's own, another's and an absent object. Nothing that a call changes stays. */
const database = useTestDatabase()
const ABSENT_STUDY = 'no-such-study'
const ROLES = ['investigator', 'coordinator', 'statistician', 'modeller', 'monitor', 'reader'] as const
const GATES = new Set(['SIGNED_OUT', 'SECOND_FACTOR_REQUIRED', 'NOT_ALLOWED', 'NOT_FOUND'])
/** An object of the installation's administrator has no other owner. */
const NO_OTHER = new Set(['person', 'study'])

type Procedure = { path: string; access: Access | undefined; example: Example | undefined }
// The library types this flat record as if it were nested.
const flat = appRouter._def.procedures as unknown as Record<string, { _def: { meta?: { access: Access } } }>
const procedures: Procedure[] = Object.entries(flat).map(([path, procedure]) => {
  const [noun = '', name = ''] = path.split('.')
  return {
    path,
    access: procedure._def.meta?.access,
    example: (everyExample as Record<string, Record<string, Example>>)[noun]?.[name],
  }
})

let ours: WalkedWorld
let theirs: WalkedWorld
let personal: { own: Record<string, string>; other: Record<string, string> }

beforeAll(async () => {
  ours = await aWalkedWorld(database())
  theirs = await aWalkedWorld(database())
  personal = {
    own: await personalObjects(ours.as('coordinator').userId),
    other: await personalObjects(ours.as('monitor').userId),
  }
}, 120_000)

test('the walk knows every procedure, and every procedure says who may call it', () => {
  expect(procedures.filter(({ access }) => !access).map(({ path }) => path)).toEqual([])
  expect(procedures.filter(({ example }) => !example).map(({ path }) => path)).toEqual([])
  const known = Object.entries(everyExample).flatMap(([noun, examples]) =>
    Object.keys(examples).map((name) => `${noun}.${name}`),
  )
  expect(known.toSorted()).toEqual(procedures.map(({ path }) => path).toSorted())
})

test.each(procedures)(
  "$path answers each role as declared, and another's object as an absent one",
  async ({ path, access, example }) => {
    if (!access || !example) throw new Error(`${path} is not declared`)
    const wrong: string[] = []
    const expectAnswer = (who: string, answer: string, wanted: string) => {
      const isRight = wanted === 'allowed' ? isAllowed(answer) : answer === wanted
      if (!isRight) wrong.push(`${who}: ${answer} instead of ${wanted}`)
    }
    const input = (world: WalkedWorld | string) =>
      access.who === 'study' ? { studyCode: typeof world === 'string' ? world : world.studyCode } : {}
    const anything = { ...example.input, ...input(ours) }

    expectAnswer('signed out', await call(path, anything, null), access.who === 'anyone' ? 'allowed' : 'SIGNED_OUT')
    const half = access.who === 'anyone' || (access.who === 'person' && !access.secondFactor)
    expectAnswer(
      'password alone',
      await call(path, anything, session(ours.as('investigator').userId, { hasSecondFactor: false })),
      half ? 'allowed' : 'SECOND_FACTOR_REQUIRED',
    )

    switch (access.who) {
      case 'anyone':
        break
      case 'person':
      case 'administrator': {
        const userId = ours.as('coordinator').userId
        const isOffice = access.who === 'administrator'
        if (isOffice) expectAnswer('a person', await call(path, anything, session(userId)), 'NOT_ALLOWED')
        const objects = isOffice ? { own: await ours.objectsOf('monitor'), other: {} } : personal
        for (const line of await objectAnswers({
          path,
          example,
          base: {},
          session: session(userId, { isAdministrator: isOffice }),
          ...objects,
        }))
          wrong.push(line)
        break
      }
      case 'study': {
        for (const role of ROLES) {
          const name: PersonName = role === 'reader' ? 'J1' : role
          const who = session(ours.as(name).userId)
          const [foreign, absent] = [
            await call(path, { ...example.input, ...input(theirs) }, who),
            await call(path, { ...example.input, ...input(ABSENT_STUDY) }, who),
          ]
          expectAnswer(`${role} in another's study`, foreign, 'NOT_FOUND')
          expectAnswer(`${role} in an absent study`, absent, foreign)
          if (!access.roles.includes(role)) {
            expectAnswer(role, await call(path, anything, who), 'NOT_ALLOWED')
            continue
          }
          const own = await ours.objectsOf(name)
          const others = [await theirs.objectsOf(name), ...(role === 'reader' ? [await ours.objectsOf('S1')] : [])]
          for (const other of others) {
            const lines = await objectAnswers({ path, example, base: input(ours), session: who, own, other })
            wrong.push(...lines.map((line) => `${role} ${line}`))
          }
        }
        for (const isAdministrator of [true, false]) {
          expectAnswer(
            'a stranger',
            await call(path, anything, session(theirs.as('investigator').userId, { isAdministrator })),
            'NOT_FOUND',
          )
        }
      }
    }
    expect(wrong).toEqual([])
  },
)

type Walk = {
  path: string
  example: Example
  base: object
  session: Session
  own: Readonly<Record<string, string | undefined>>
  other: Readonly<Record<string, string | undefined>>
}

/** What is wrong with the answers for one's own, another's and an absent object. */
async function objectAnswers({ path, example, base, session: who, own, other }: Walk): Promise<string[]> {
  const { object } = example
  const with_ = (id: string | undefined) =>
    call(path, { ...example.input, ...base, ...(object && id !== undefined ? { [object.field]: id } : {}) }, who)
  if (!object) {
    const answer = await with_(undefined)
    return isAllowed(answer) ? [] : [`: ${answer} instead of allowed`]
  }
  const [ownId, otherId] = [own[object.kind], other[object.kind]]
  if (ownId === undefined) return [`: the world has no ${object.kind} of their own`]
  const [mine, absent] = [await with_(ownId), await with_(object.kind === 'study' ? ABSENT_STUDY : crypto.randomUUID())]
  const foreign = otherId === undefined ? undefined : await with_(otherId)
  const wrong: string[] = []
  if (!isAllowed(mine)) wrong.push(`own ${object.kind}: ${mine} instead of allowed`)
  if (absent !== 'NOT_FOUND') wrong.push(`absent ${object.kind}: ${absent} instead of NOT_FOUND`)
  if (foreign === undefined && !NO_OTHER.has(object.kind)) wrong.push(`: the other world has no ${object.kind}`)
  if (foreign !== undefined && foreign !== absent)
    wrong.push(`another's ${object.kind}: ${foreign}, and absent: ${absent}`)
  return wrong
}

/** Allowed: it went through, or the study's own rules refused it for what it asked, not for who asked. */
const isAllowed = (answer: string): boolean => answer === 'done' || (/^[A-Z_]+$/.test(answer) && !GATES.has(answer))

/** 'done', the code of the refusal, or what went wrong in words. */
async function call(path: string, input: object, who: Session | null): Promise<string> {
  const { db, boss } = database()
  const [noun = '', name = ''] = path.split('.')
  const caller = callerFactory(appRouter)(undone(contextOn(db, boss, who))) as unknown as Record<
    string,
    Record<string, (input: object | undefined) => Promise<unknown>>
  >
  try {
    await caller[noun]?.[name]?.(Object.keys(input).length === 0 ? undefined : input)
    return 'done'
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error
    if (error.cause instanceof StudyError) return error.cause.code
    return `${error.code.toLowerCase()} ${error.message}`
  }
}

class Undone extends Error {}

/** The same context, of which every transaction is rolled back when its work is done. */
function undone(context: RequestContext): RequestContext {
  return {
    ...context,
    open: async (actor, work) => {
      let done: { value: Awaited<ReturnType<typeof work>> } | undefined
      try {
        await context.open(actor, async (wall) => {
          done = { value: await work(wall) }
          throw new Undone()
        })
      } catch (error) {
        if (!(error instanceof Undone)) throw error
      }
      if (!done) throw new Error('the work did not run')
      return done.value
    },
  }
}

function session(userId: string, differently: Partial<Session> = {}): Session {
  return {
    userId,
    name: 'Person',
    email: `${userId}@example.test`,
    isAdministrator: false,
    hasSecondFactor: true,
    ...differently,
  }
}

async function personalObjects(userId: string): Promise<Record<string, string>> {
  const { db } = database()
  const notice = await db.userNotice.create({ data: { userId, code: 'SECOND_FACTOR_RESET' } })
  const token = await db.personalToken.create({
    data: { userId, name: 't', hash: crypto.randomUUID(), expiresAt: new Date(Date.now() + 1e6) },
  })
  return { notice: notice.id, token: token.id }
}
