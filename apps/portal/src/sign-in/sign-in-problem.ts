export type SignInProblem =
  | 'wrongPassword'
  | 'wrongCode'
  | 'blocked'
  | 'tooMany'
  | 'passkeyFailed'
  | 'passkeyAbsent'
  | 'unreachable'

/** What the sign-in library's answer means for the person; `refused` is what a plain refusal means at this step. */
export function signInProblem(
  error: { status: number; code?: string | undefined },
  refused: SignInProblem,
): SignInProblem {
  if (error.status === 429 || error.code === 'ACCOUNT_TEMPORARILY_LOCKED') return 'tooMany'
  if (error.code === 'BANNED_USER') return 'blocked'
  if (error.status === 0 || error.status >= 500) return 'unreachable'
  return refused
}
