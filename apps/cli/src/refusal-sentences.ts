import type { StudyErrorCode } from '@facetgrade/study/study-error'

/** What a refusal means and what to do about it, for a shell. */
const SENTENCES: Partial<Record<StudyErrorCode, string>> = {
  SIGNED_OUT: 'The token is not valid: it was revoked or has run out. Make a new one in the portal.',
  SECOND_FACTOR_REQUIRED: 'Your account has no second factor yet. Sign in to the portal and set one up.',
  REAUTHENTICATION_FAILED: 'That PIN or code does not hold.',
  REAUTHENTICATION_LOCKED: 'Too many wrong attempts. Wait a while and try again.',
  NOT_ALLOWED: 'Your roles in this study do not allow that.',
  NOT_FOUND: 'There is no such thing in a study of yours.',
  ADJUDICATION_OPEN: 'Adjudication of cases of the test part is still open.',
  NOT_UNSEALED: 'The test part is sealed. Open it: facetgrade evaluate unseal --reason "…"',
  PLAN_LOCKED: 'This plan is locked already.',
  PLAN_NOT_LOCKED: 'The plan is not locked: facetgrade evaluate plan --lock',
  REFERENCE_INCOMPLETE:
    'The reference readers have not settled every case. Wait, or leave those out: facetgrade evaluate reference --leave-out-incomplete',
  REFERENCE_MISSING: 'There is no reference standard to derive or to compare with yet.',
  REFERENCE_READER_COMPARED: 'The plan compares readers with a reference that they set themselves.',
  REFERENCE_STALE: 'A reading under the reference was unlocked. Derive it anew: facetgrade evaluate reference',
  SPLIT_NOT_SEALED: 'The split is not sealed yet.',
}

export const refusalSentence = (code: StudyErrorCode): string => SENTENCES[code] ?? 'The server refused.'
