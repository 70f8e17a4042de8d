import type { TRPCError } from '@trpc/server'
import type { StudyErrorCode } from './study-error.ts'

/** The only place where a refusal becomes an HTTP status. "Someone else's" and "absent" are both NOT_FOUND. */
export const TRPC_CODE = {
  SIGNED_OUT: 'UNAUTHORIZED',
  SECOND_FACTOR_REQUIRED: 'FORBIDDEN',
  REAUTHENTICATION_FAILED: 'FORBIDDEN',
  REAUTHENTICATION_LOCKED: 'TOO_MANY_REQUESTS',
  NOT_ALLOWED: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
} as const satisfies Record<StudyErrorCode, TRPCError['code']>
