import { passkey } from '@better-auth/passkey'
import { audit } from '@facetgrade/db/audit'
import type { Database } from '@facetgrade/db/connect'
import { signInStore } from '@facetgrade/db/people/sign-in-store'
import { inWall } from '@facetgrade/db/wall'
import { hashPassword, isPassword } from '@facetgrade/study/people/password-hash'
import { PASSWORD_MIN_LENGTH } from '@facetgrade/study/people/password-rule'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'
import { admin } from 'better-auth/plugins/admin'
import { adminAc, userAc } from 'better-auth/plugins/admin/access'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { ABSOLUTE_MS } from './session-limits.ts'
import { SIGN_IN_METHOD } from './sign-in-method.ts'
import { stepOf } from './totp.ts'

/** Written by the api itself from the connection; whatever a client sends under this name is dropped. */
export const CLIENT_ADDRESS_HEADER = 'x-facetgrade-client'

export type Authentication = ReturnType<typeof authentication>

/**
 * Sign-in, second factors and their enrolment. Accounts come from invitations, limits of a session from session.ts, and
 * which of the library's routes are open from sign-in-routes.ts.
 */
export function authentication(at: { db: Database; origin: string; secret: string }) {
  const store = signInStore(at.db)
  return betterAuth({
    appName: 'FacetGrade',
    baseURL: at.origin,
    basePath: '/api/auth',
    secret: at.secret,
    trustedOrigins: [at.origin],
    database: prismaAdapter(at.db, { provider: 'postgresql' }),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN_LENGTH,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(hash, password) },
    },
    session: {
      expiresIn: ABSOLUTE_MS / 1000,
      disableSessionRefresh: true,
      freshAge: 0, // sign-in-routes.ts asks for more than a recent session
      additionalFields: { signInMethod: { type: 'string', required: false, input: false } },
    },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 300,
      // A hospital shares one address: the account's own lock, not this, stops guessing at one person's codes.
      customRules: {
        '/sign-in/email': { window: 60, max: 60 },
        '/two-factor/*': { window: 60, max: 60 },
        '/passkey/*': { window: 60, max: 120 },
      },
    },
    advanced: {
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      useSecureCookies: at.origin.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const method = SIGN_IN_METHOD[context?.path ?? ''] ?? 'password'
            if (method === 'password+totp') await useUpCode(session.userId, context?.body)
            return { data: { ...session, signInMethod: method } }
          },
          after: async ({ id, userId, signInMethod }) => {
            const opened = {
              action: 'session.opened',
              object: 'Session',
              objectId: id,
              new: { signInMethod: String(signInMethod) },
            }
            await inWall(at.db, { userId, role: 'none', studyId: null, memberId: null }, (wall) => audit(wall, opened))
          },
        },
      },
    },
    plugins: [
      admin({
        adminRoles: ['administrator'],
        defaultRole: 'person',
        roles: { administrator: adminAc, person: userAc },
      }),
      twoFactor({
        issuer: 'FacetGrade',
        trustDeviceMaxAge: 1,
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
      }),
      passkey({
        rpName: 'FacetGrade',
        rpID: new URL(at.origin).hostname,
        origin: at.origin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        // The library accepts a passkey that nobody unlocked; here it stands for both factors.
        registration: {
          afterVerification: ({ verification }) => demandVerifiedUser(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) => demandVerifiedUser(verification.authenticationInfo.userVerified),
        },
      }),
    ],
  })

  /** The library takes a code again while its window lasts; a step that was used signs nobody in a second time. */
  async function useUpCode(userId: string, body: { code?: unknown } | undefined): Promise<void> {
    const encrypted = await store.pendingTotpSecret(userId)
    const secret = encrypted === undefined ? undefined : await symmetricDecrypt({ key: at.secret, data: encrypted })
    const step =
      secret === undefined || typeof body?.code !== 'string' ? undefined : stepOf(secret, body.code, Date.now())
    if (step === undefined || !(await store.useTotpStep(userId, step)))
      throw new APIError('UNAUTHORIZED', { code: 'CODE_USED', message: 'This code was used; wait for the next one' })
  }
}

async function demandVerifiedUser(isVerified: boolean | undefined): Promise<void> {
  if (isVerified !== true)
    throw new APIError('FORBIDDEN', { code: 'USER_NOT_VERIFIED', message: 'The passkey did not verify its user' })
}
