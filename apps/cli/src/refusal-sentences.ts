import type { StudyErrorCode } from '@facetgrade/study/study-error'

/** What a refusal means and what to do about it, for a shell. */
const SENTENCES: Partial<Record<StudyErrorCode, string>> = {
  SIGNED_OUT: 'The token is not valid: it was revoked or has run out. Make a new one in the portal.',
  SECOND_FACTOR_REQUIRED: 'Your account has no second factor yet. Sign in to the portal and set one up.',
  REAUTHENTICATION_FAILED: 'That PIN or code does not hold.',
  REAUTHENTICATION_LOCKED: 'Too many wrong attempts. Wait a while and try again.',
  NOT_ALLOWED: 'Your roles in this study do not allow that.',
  NOT_FOUND: 'There is no such thing in a study of yours.',
}

export const refusalSentence = (code: StudyErrorCode): string => SENTENCES[code] ?? 'The server refused.'
