import type { StudyErrorCode } from '@facetgrade/study/study-error'

/** What a refusal means and what to do about it, for a shell. */
const SENTENCES: Partial<Record<StudyErrorCode, string>> = {
  SIGNED_OUT: 'The token is not valid: it was revoked or has run out. Make a new one in the portal.',
  SECOND_FACTOR_REQUIRED: 'Your account has no second factor yet. Sign in to the portal and set one up.',
  REAUTHENTICATION_FAILED: 'That PIN or code does not hold.',
  REAUTHENTICATION_LOCKED: 'Too many wrong attempts. Wait a while and try again.',
  NOT_ALLOWED: 'Your roles in this study do not allow that.',
  NOT_FOUND: 'There is no such thing in a study of yours.',
  CLINICAL_TABLE_CHANGED: 'The data changed since the preview. Look at the preview again.',
  CLINICAL_TABLE_INVALID: 'The clinical table has problems; nothing of it was taken.',
  FILE_OUT_OF_RANGE: 'More files arrive than the import was begun with. Begin it anew.',
  IMPORT_CLOSED: 'This import is closed. Begin a new one.',
  KEY_MISMATCH: "This is not the study's key. Name the study's own key with --key-file.",
  PATIENT_WITHDRAWN: 'This patient was withdrawn from the study.',
  POINTS_EXAM_TWICE: 'An exam of the points file stands in it twice. Nothing was published.',
  POINTS_EXAM_UNKNOWN:
    'An exam of the points file is none of this study and patient. Import its images first. Nothing was published.',
  POINTS_KIND_WRONG:
    'CT and MR take points in patient coordinates, X-ray takes image positions. Nothing was published.',
  POINTS_LEVELS_DISORDERED: 'A joint does not lie below the level above it. Nothing was published.',
  POINTS_LEVEL_UNKNOWN: 'A joint is none of this patient’s level numbering. Nothing was published.',
  POINTS_MOVED:
    'Someone else published points for this exam in the meantime. Look at them again: facetgrade points show',
  POINTS_OUTSIDE: 'A point does not lie inside the exam’s images. Nothing was published.',
  POINTS_SIDES_SWAPPED: 'A left joint does not lie on the patient’s left of the right one. Nothing was published.',
  POINTS_TWICE: 'A joint has two points in one image. Nothing was published.',
  TRUTH_CELL_TWICE: 'A cell stands in the table of built-in grades twice. Nothing was taken.',
  TRUTH_DIFFERS: 'A built-in grade differs from the one that stands since an earlier import. Nothing was taken.',
  TRUTH_IN_REAL_STUDY: 'Built-in grades belong to phantoms: only a study marked synthetic or demo takes them.',
  TRUTH_PATIENT_UNKNOWN:
    'A patient of the table of built-in grades is not in this study. Import the images first. Nothing was taken.',
  GRADE_OFF_SCALE: 'A grade is not on the protocol’s scale of its feature.',
  PROTOCOL_CHANGED_MEANWHILE: 'Someone else amended the protocol in the meantime. Check your change against it.',
  PROTOCOL_INVALID: 'The protocol has problems.',
  PROTOCOL_UNCHANGED: 'This document says the same as the version in force.',
  STUDY_CODE_TAKEN: 'There is a study with this code already.',
  ADJUDICATION_OPEN: 'Adjudication of cases of the test part is still open.',
  NOT_UNSEALED: 'The test part is sealed. Open it: facetgrade evaluate unseal --reason "…"',
  MODEL_KIND_WRONG: 'This model does something else: a grader grades joints, a localiser proposes points.',
  MODEL_REFUSED: 'This model was refused when it was registered: facetgrade model show says why.',
  MODEL_SAW_TEST: 'The model was trained on images of test patients of this study; it cannot be judged on them.',
  NOTHING_FAILED: 'Nothing of this run has failed.',
  RUN_CANCELLED: 'This run was cancelled.',
  RUN_EMPTY: 'There is no exam that this run could take: check images, level numbering and parts.',
  PLAN_LOCKED: 'This plan is locked already.',
  PLAN_NOT_LOCKED: 'The plan is not locked: facetgrade evaluate plan --lock',
  REFERENCE_INCOMPLETE:
    'The reference readers have not settled every case. Wait, or leave those out: facetgrade evaluate reference --leave-out-incomplete',
  REFERENCE_MISSING: 'There is no reference standard to derive or to compare with yet.',
  REFERENCE_READER_COMPARED: 'The plan compares readers with a reference that they set themselves.',
  REFERENCE_STALE: 'A reading under the reference was unlocked. Derive it anew: facetgrade evaluate reference',
  SPLIT_NOT_PREVIEWED: 'Preview the split first: facetgrade split preview',
  SPLIT_NOT_SEALED: 'The split is not sealed yet.',
  SPLIT_ROSTER_CHANGED: 'The roster is another one than the hash names. Look at it again: facetgrade split preview',
  SPLIT_ROSTER_EMPTY: 'No patient is eligible after both looks, so there is nothing to split.',
  SPLIT_SEALED: 'The split is sealed. It cannot be drawn or sealed again.',
  LABELS_OF_PHANTOMS_ONLY: 'Grades that were built into phantoms are no labels of a study of patients.',
  POINTS_NONE_PUBLISHED: 'No training or validation patient has published joint points. Publish points first.',
  SPLIT_BROKEN: 'The stored parts are not those of the seal. Verify the split.',
}

export const refusalSentence = (code: StudyErrorCode): string => SENTENCES[code] ?? 'The server refused.'
