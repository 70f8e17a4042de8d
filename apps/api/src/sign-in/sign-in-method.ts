export type SignInMethod = 'password' | 'password+totp' | 'recovery-code' | 'passkey'

/** By the library's route that made the session. Every other route makes the weakest kind. */
export const SIGN_IN_METHOD: Readonly<Record<string, SignInMethod>> = {
  '/sign-in/email': 'password',
  '/two-factor/verify-totp': 'password+totp',
  '/two-factor/verify-backup-code': 'recovery-code',
  '/passkey/verify-authentication': 'passkey',
}

/** Two factors were shown: a passkey with user verification is both at once. */
export const hasSecondFactor = (method: string | null): boolean =>
  method === 'passkey' || method === 'password+totp' || method === 'recovery-code'
