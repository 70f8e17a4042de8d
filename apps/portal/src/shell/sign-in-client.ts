'use client'
import { passkeyClient } from '@better-auth/passkey/client'
import { createAuthClient } from 'better-auth/client'
import { twoFactorClient } from 'better-auth/client/plugins'

/** The sign-in library's routes at /api/auth of this origin. Accounts, roles and everything else go through tRPC. */
export const signInClient = createAuthClient({ plugins: [twoFactorClient(), passkeyClient()] })
