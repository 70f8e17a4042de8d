/** Every refusal that a caller can act on. Stable: screens translate them and the command line prints them. */
export const STUDY_ERROR_CODES = [
  'SIGNED_OUT',
  'SECOND_FACTOR_REQUIRED',
  'REAUTHENTICATION_FAILED',
  'REAUTHENTICATION_LOCKED',
  'NOT_ALLOWED',
  'NOT_FOUND',
  'ALREADY_MEMBER',
  'EMAIL_REQUIRED',
  'EMAIL_TAKEN',
  'INVITATION_INVALID',
  'LAST_INVESTIGATOR',
  'NOT_YOUR_OWN_FACTOR',
  'PASSWORD_TOO_COMMON',
  'PASSWORD_TOO_LONG',
  'PASSWORD_TOO_SHORT',
  'PERSON_UNKNOWN',
  'PIN_TOO_WEAK',
  'PROTOCOL_CHANGED_MEANWHILE',
  'PROTOCOL_INVALID',
  'PROTOCOL_UNCHANGED',
  'READER_CODES_EXHAUSTED',
  'READER_GROUP_UNKNOWN',
  'READER_IN_OTHER_GROUP',
  'READER_STANDS_ALONE',
  'STUDY_CODE_TAKEN',
  'ADJUDICATION_CLOSED',
  'ADJUDICATION_INCOMPLETE',
  'ADJUDICATION_OPEN',
  'DECISIONS_CHANGED',
  'DECISION_ID_TAKEN',
  'GRADE_OFF_SCALE',
  'NOT_ASSESSABLE_NOT_ALLOWED',
  'NOT_UNSEALED',
  'PLAN_INVALID',
  'PLAN_LOCKED',
  'PLAN_NOT_LOCKED',
  'REFERENCE_INCOMPLETE',
  'REFERENCE_MISSING',
  'REFERENCE_READER_COMPARED',
  'REFERENCE_STALE',
  'SPLIT_NOT_PREVIEWED',
  'SPLIT_NOT_SEALED',
  'SPLIT_ROSTER_CHANGED',
  'SPLIT_ROSTER_EMPTY',
  'SPLIT_SEALED',
  'CASE_RETURNED',
  'CASE_TOO_EARLY',
  'CELLS_OPEN',
  'CELL_NOT_ASKED',
  'COPY_NOT_ALLOWED',
  'EVENT_ID_REUSED',
  'NUMBERING_MISSING',
  'PATIENT_WITHDRAWN',
  'READING_MOVED',
  'READING_NOT_SIGNED',
  'READING_SIGNED',
  'ROUND_UNKNOWN',
  'CRITERION_UNKNOWN',
  'NUMBERING_MOVED',
  'SCREENING_DECISION_DIFFERS',
  'SCREENING_INCOMPLETE',
  'SCREENING_MOVED',
  'SCREENING_SETTLED',
  'SECOND_LOOK_NOT_DUE',
  'SECOND_LOOK_SAME_PERSON',
  'CLINICAL_TABLE_CHANGED',
  'CLINICAL_TABLE_INVALID',
  'FILE_OUT_OF_RANGE',
  'IMPORT_CLOSED',
  'KEY_MISMATCH',
] as const
export type StudyErrorCode = (typeof STUDY_ERROR_CODES)[number]

/**
 * A refusal by the study's rules. `details` names what is wrong and where (row, column, cell), in values that are safe
 * to show and to log: never an input's text.
 */
export class StudyError extends Error {
  readonly code: StudyErrorCode
  readonly details: Readonly<Record<string, string | number>> | undefined
  constructor(code: StudyErrorCode, details?: Readonly<Record<string, string | number>>) {
    super(code)
    this.code = code
    this.details = details
  }
}
