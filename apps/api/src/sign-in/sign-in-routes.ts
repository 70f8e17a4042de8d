import { audit } from '@facetgrade/db/audit'
import { signInStore } from '@facetgrade/db/people/sign-in-store'
import { inWall } from '@facetgrade/db/wall'
import { hashSecret } from '@facetgrade/study/people/secret-text'
import { toNodeHandler } from 'better-auth/node'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Host } from '../host.ts'
import { CLIENT_ADDRESS_HEADER } from './authentication.ts'
import { type OpenSession, sessionReader } from './session.ts'
import { ENROLMENT_MS } from './session-limits.ts'

/** The library's routes that are open; all others do not exist here. get-session is people.me, which shows no token. */
const OPEN = new Set([
  'POST /sign-in/email',
  'POST /sign-out',
  'POST /two-factor/verify-backup-code',
  'GET /passkey/generate-authenticate-options',
  'POST /passkey/verify-authentication',
  'GET /passkey/generate-register-options',
  'GET /passkey/list-user-passkeys',
])
/** They change how a person signs in: a session, even a stolen one, is not enough. */
const GUARDED = new Set([
  'POST /two-factor/enable',
  'POST /two-factor/disable',
  'POST /two-factor/generate-backup-codes',
  'POST /passkey/verify-registration',
  'POST /passkey/delete-passkey',
])
/** At sign-in it needs no session; inside one it completes an enrolment, and nothing else. */
const VERIFY_CODE = 'POST /two-factor/verify-totp'
const TICKET_HEADER = 'x-facetgrade-ticket'

/** The sign-in library behind a list of open routes. It reads bodies itself, so this scope parses none. */
export async function signInRoutes(app: FastifyInstance, host: Host): Promise<void> {
  const { origin, secret } = {
    origin: host.environment.FACETGRADE_URL,
    secret: host.environment.FACETGRADE_AUTH_SECRET,
  }
  const store = signInStore(host.db)
  const { cookieSession } = sessionReader({ db: host.db, secret, origin })
  const handle = toNodeHandler(host.authentication)

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    handler: async (request, reply) => {
      const route = routeOf(request)
      // Also ends a session that outlived its limits, of which the library knows the absolute one only.
      const session = await cookieSession(request)
      if (!(await isOpen(route, session, request))) return refuse(reply, route)
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value)
      reply.raw.setHeader('cache-control', 'no-store') // the hooks that follow an answer do not see a hijacked one
      request.raw.headers[CLIENT_ADDRESS_HEADER] = request.ip
      await handle(request.raw, reply.raw)
      if (GUARDED.has(route) && reply.raw.statusCode === 200) await recordChange(host, session?.userId, route)
      return reply
    },
  })

  async function isOpen(route: string, session: OpenSession | null, request: FastifyRequest): Promise<boolean> {
    // A session of a person who has codes already has nothing to verify; it would only tell whether a code is right.
    if (route === VERIFY_CODE) return session === null || (await store.totpSecret(session.userId)) === undefined
    return OPEN.has(route) || (GUARDED.has(route) && session !== null && (await mayChangeFactors(session, request)))
  }

  /**
   * The first factor: within a quarter of an hour of the password. Another one: with a ticket from people.reauthenticate,
   * or just after a recovery code, which is how a person comes back who has nothing else to show.
   */
  async function mayChangeFactors(session: OpenSession, request: FastifyRequest): Promise<boolean> {
    if (!(await store.hasAnyFactor(session.userId))) return session.ageMs < ENROLMENT_MS
    if (!session.hasSecondFactor) return false
    if (session.signInMethod === 'recovery-code' && session.ageMs < ENROLMENT_MS) return true
    const ticket = request.headers[TICKET_HEADER]
    return typeof ticket === 'string' && (await store.takeOneTime('ticket', hashSecret(ticket))) === session.userId
  }
}

async function recordChange(host: Host, userId: string | undefined, route: string): Promise<void> {
  if (userId === undefined) return
  const change = {
    action: 'factor.changed',
    object: 'User',
    objectId: userId,
    new: { route: route.replace('POST ', '') },
  }
  await inWall(host.db, { userId, role: 'none', studyId: null, memberId: null }, (wall) => audit(wall, change))
}

const routeOf = (request: FastifyRequest): string =>
  `${request.method} ${new URL(request.url, 'http://api').pathname.slice('/api/auth'.length)}`

function refuse(reply: FastifyReply, route: string): FastifyReply {
  return GUARDED.has(route) || route === VERIFY_CODE
    ? reply.code(403).send({ code: 'REAUTHENTICATION_REQUIRED', message: 'Prove who you are again first' })
    : reply.code(404).send({ code: 'NOT_FOUND', message: 'Not found' })
}
