import { StorageFullError } from '@facetgrade/storage/blob-store'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'

/** What is wrong with an upload as such, before the study is asked. */
export class UploadRefusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/** Undefined: a bug, not a refusal. */
export function uploadRefusal(error: unknown): { status: number; code: string } | undefined {
  if (error instanceof UploadRefusal) return error
  if (error instanceof StudyError)
    return { status: getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] })), code: error.code }
  if (error instanceof StorageFullError) return { status: 507, code: 'STORAGE_FULL' }
  return undefined
}
