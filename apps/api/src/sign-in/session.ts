import type { Database } from '@facetgrade/db/connect'
import { signInStore } from '@facetgrade/db/people/sign-in-store'
import type { Session } from '@facetgrade/study/actor'
import { hashSecret } from '@facetgrade/study/people/secret-text'
import { constantTimeEqual, makeSignature } from 'better-auth/crypto'
import type { FastifyRequest } from 'fastify'
import { ABSOLUTE_MS, FRESH_MS, IDLE_MS } from './session-limits.ts'
import { hasSecondFactor } from './sign-in-method.ts'

/** A session as the sign-in routes need it: what it was opened with, and how long ago. */
export type OpenSession = Session & { signInMethod: string | null; ageMs: number }

const PERSONAL_TOKEN = /^Bearer (fgt_[A-Za-z0-9_-]{43})$/

/**
 * The person behind a request: a personal token, or the session cookie within its limits. A token was made by someone
 * who had just shown a second factor, and stands for it.
 */
export function sessionReader(at: { db: Database; secret: string; origin: string }) {
  const store = signInStore(at.db)
  const cookieName = `${at.origin.startsWith('https:') ? '__Secure-' : ''}better-auth.session_token`

  async function cookieSession(request: FastifyRequest): Promise<OpenSession | null> {
    const token = await signedToken(request.headers.cookie, cookieName, at.secret)
    const live =
      token === undefined ? undefined : await store.liveSession(token, { idleMs: IDLE_MS, absoluteMs: ABSOLUTE_MS })
    if (!live) return null
    const { userId, name, email, isAdministrator, signInMethod } = live
    const isStrong = hasSecondFactor(signInMethod)
    return {
      userId,
      name,
      email,
      isAdministrator,
      hasSecondFactor: isStrong,
      isFresh: isStrong && live.ageMs < FRESH_MS,
      signInMethod,
      ageMs: live.ageMs,
    }
  }

  return {
    cookieSession,
    async sessionOf(request: FastifyRequest): Promise<Session | null> {
      const { authorization } = request.headers
      if (authorization === undefined) {
        const session = await cookieSession(request)
        if (!session) return null
        const { signInMethod: _method, ageMs: _age, ...plain } = session
        return plain
      }
      const token = PERSONAL_TOKEN.exec(authorization)?.[1]
      const person = token === undefined ? undefined : await store.personOfToken(hashSecret(token))
      return person ? { ...person, hasSecondFactor: true, isFresh: false } : null
    },
  }
}

/** The cookie's token, when the signature that the sign-in library put behind it holds. */
async function signedToken(cookies: string | undefined, name: string, secret: string): Promise<string | undefined> {
  const found = cookies?.split('; ').find((cookie) => cookie.startsWith(`${name}=`))
  if (found === undefined) return undefined
  const value = decoded(found.slice(name.length + 1))
  const dot = value.lastIndexOf('.')
  const [token, signature] = [value.slice(0, dot), value.slice(dot + 1)]
  if (dot < 1 || !constantTimeEqual(signature, await makeSignature(token, secret))) return undefined
  return token
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return '' // not a cookie of ours
  }
}
