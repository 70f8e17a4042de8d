import type { ProtocolDocument } from './protocol-document.ts'

export type Contradiction = {
  readonly path: readonly (string | number)[]
  readonly code: ContradictionCode
  readonly message: string
}

export type ContradictionCode =
  | 'PERIOD_REVERSED'
  | 'DUPLICATE'
  | 'MODALITY_UNKNOWN'
  | 'MODALITY_UNASKED'
  | 'SEVERITY_TABLE_MISSING'
  | 'SEVERITY_TABLE_UNASKED'
  | 'SEVERITY_TABLE_WRONG'
  | 'SEVERITY_SWITCH_NEEDS_LEVELS'
  | 'CRITERION_CODE_WRONG'
  | 'INCLUSION_MISSING'
  | 'RATIOS_NOT_100'
  | 'TRAIN_EMPTY'
  | 'STRATUM_WRONG'
  | 'GROUP_MISSING'
  | 'GROUP_ROLES_OVERLAP'
  | 'REFERENCE_UNREAD'
  | 'DISCORDANCE_MISSING'
  | 'DISCORDANCE_TOO_WIDE'
  | 'ROUND_WRONG'
  | 'REFERENCE_TARGET_WRONG'
  | 'CUT_GRADE_MISSING'
  | 'CUT_GRADE_UNASKED'
  | 'CUT_GRADE_OFF_SCALE'
  | 'METRIC_TWICE'
  | 'COLUMN_WRONG'
  | 'HANGING_MISSING'

/** Everything in a well-formed document that contradicts itself; empty for a protocol one can run a study by. */

export type Report = (path: readonly (string | number)[], code: ContradictionCode, message: string) => void
export type Check = (document: ProtocolDocument, report: Report) => void
