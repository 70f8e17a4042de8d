import { StorageFullError } from '@facetgrade/storage/blob-store'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'

/** What the tus server answers when a hook throws. */
export type UploadRefusal = { status_code: number; body: string }

const refusal = (status: number, code: string): UploadRefusal => ({
  status_code: status,
  body: JSON.stringify({ code }),
})

export const BAD_UPLOAD = refusal(400, 'UPLOAD_MALFORMED')
export const SIGNED_OUT = refusal(401, 'SIGNED_OUT')
/** The same for an upload that is someone else's and one that does not exist. */
export const NOT_FOUND = refusal(404, 'NOT_FOUND')

/** Undefined: a bug, not a refusal. */
export function uploadRefusal(error: unknown): UploadRefusal | undefined {
  if (error instanceof StudyError)
    return refusal(getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] })), error.code)
  if (error instanceof StorageFullError) return refusal(507, 'STORAGE_FULL')
  return undefined
}
