import type { Role } from '@facetgrade/grading/role'
import { StudyCode } from '@facetgrade/grading/study-code'
import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { Actor, ReauthenticationMethod, ReauthenticationProof, Session } from './actor.ts'
import type { JobQueue } from './job-queue.ts'
import { TRPC_CODE } from './refusals.ts'
import type { Stores } from './stores.ts'
import { StudyError } from './study-error.ts'

/** What an open wall gives: the actor's stores, the queue of the same transaction, and the system's own view. */
export type OpenWall = {
  stores: Stores
  queue: JobQueue
  /** From here on the same transaction acts as `actor`: the same person under a role that was looked up in it. */
  become(actor: Actor): Promise<void>
  /** The same transaction under the system role, for what a person's act sets off and no person may see or write. */
  asSystem<T>(work: (stores: Stores) => Promise<T>): Promise<T>
}

/** What the host brings to every call. */
export type RequestContext = {
  session: Session | null
  /** One transaction that declared its actor; a throw rolls it back. */
  open<T>(actor: Actor, work: (wall: OpenWall) => Promise<T>): Promise<T>
  /** The method used, or undefined when the proof does not hold. Throws StudyError REAUTHENTICATION_LOCKED. */
  reauthenticate(userId: string, proof: ReauthenticationProof): Promise<ReauthenticationMethod | undefined>
}

/** Who may call a procedure. The generated test walks these declarations; a procedure without one cannot be built. */
export type Access =
  | { who: 'anyone' }
  | { who: 'person'; secondFactor: boolean }
  | { who: 'administrator' }
  | { who: 'study'; roles: readonly StudyRole[] }
export type StudyRole = Exclude<Role, 'administrator' | 'system'>

const t = initTRPC
  .context<RequestContext>()
  .meta<{ access: Access }>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      data: {
        ...shape.data,
        refusal:
          error.cause instanceof StudyError ? { code: error.cause.code, details: error.cause.details ?? null } : null,
      },
    }),
  })

export const router = t.router
export const callerFactory = t.createCallerFactory

const refusals = t.middleware(async ({ next }) => {
  const result = await next()
  if (result.ok || !(result.error.cause instanceof StudyError)) return result
  const { cause } = result.error
  throw new TRPCError({ code: TRPC_CODE[cause.code], message: cause.code, cause })
})

/** Carries a failed result out of the transaction, so that the transaction is rolled back. */
class RolledBack extends Error {
  readonly result: unknown
  constructor(result: unknown) {
    super('rolled back')
    this.result = result
  }
}

const nobody = (userId: string): Actor => ({
  userId,
  role: 'none',
  studyId: null,
  studyCode: null,
  memberId: null,
  readerGroup: null,
  readerCode: null,
})

function signedIn(session: Session | null, secondFactor: boolean): Session {
  if (!session) throw new StudyError('SIGNED_OUT')
  if (secondFactor && !session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
  return session
}

const declared = (access: Access) => t.procedure.meta({ access }).use(refusals)

/** No session needed: accepting an invitation, health. */
export const openProcedure = declared({ who: 'anyone' })

/** Any signed-in person, outside any study. `secondFactor: false` only for enrolling one. */
export const personProcedure = (options: { secondFactor: boolean } = { secondFactor: true }) =>
  declared({ who: 'person', ...options }).use(async ({ ctx, next }) => {
    const session = signedIn(ctx.session, options.secondFactor)
    return walled(
      ctx,
      { ...nobody(session.userId), role: session.isAdministrator ? 'administrator' : 'none' },
      (wall, actor) => next({ ctx: { ...ctx, ...wall, session, actor } }),
    )
  })

export const administratorProcedure = declared({ who: 'administrator' }).use(async ({ ctx, next }) => {
  const session = signedIn(ctx.session, true)
  if (!session.isAdministrator) throw new StudyError('NOT_ALLOWED')
  return walled(ctx, { ...nobody(session.userId), role: 'administrator' }, (wall, actor) =>
    next({ ctx: { ...ctx, ...wall, session, actor } }),
  )
})

/**
 * A procedure inside a study. The whole call is one transaction under the first of `roles` that the person holds there.
 * A study that does not exist and one that the person is not in are refused alike.
 */
export function studyProcedure<const Shape extends z.ZodRawShape>(declaration: {
  roles: readonly [StudyRole, ...StudyRole[]]
  input: Shape
}) {
  const Input = z.strictObject({ studyCode: StudyCode, ...declaration.input })
  return declared({ who: 'study', roles: declaration.roles })
    .input(Input)
    .use(async ({ ctx, input, next }) => {
      const session = signedIn(ctx.session, true)
      const { studyCode } = z.object({ studyCode: StudyCode }).parse(input)
      return walled(ctx, nobody(session.userId), async (wall) => {
        const actor = await memberIn(wall.stores, session, studyCode, declaration.roles)
        await wall.become(actor)
        return next({ ctx: { ...ctx, ...wall, session, actor } })
      })
    })
}

/** Inside a study every actor has these; narrows the nullable ones once. */
export type StudyActor = Actor & { role: StudyRole; studyId: string; studyCode: string; memberId: string }

/** Who the person is in the study, for a host that opens its own walls (streams, uploads). */
export const actorIn = (
  ctx: RequestContext,
  session: Session,
  studyCode: string,
  roles: readonly StudyRole[],
): Promise<StudyActor> => ctx.open(nobody(session.userId), ({ stores }) => memberIn(stores, session, studyCode, roles))

async function memberIn(
  stores: Stores,
  session: Session,
  studyCode: string,
  roles: readonly StudyRole[],
): Promise<StudyActor> {
  const held = await stores.membership.rolesIn(session.userId, studyCode)
  if (held.length === 0) throw new StudyError('NOT_FOUND')
  for (const role of roles) {
    const membership = held.find((candidate) => candidate.role === role)
    if (membership) return { userId: session.userId, ...membership, role }
  }
  throw new StudyError('NOT_ALLOWED')
}

async function walled<A extends Actor, R extends { ok: boolean }>(
  ctx: RequestContext,
  actor: A,
  work: (wall: OpenWall, actor: A) => Promise<R>,
): Promise<R> {
  try {
    return await ctx.open(actor, async (wall) => {
      const result = await work(wall, actor)
      if (!result.ok) throw new RolledBack(result)
      return result
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.result as R // the very result that `work` returned
    throw error
  }
}
