import { Refusal } from '@facetgrade/dicom/refusal'
import type { RunFailure } from '@facetgrade/grading/model-problem'
import { NetworkRefused, ProviderMissing } from '@facetgrade/inference/open-model'
import { BlobError } from '@facetgrade/storage/blob-store'
import { InferenceFailure } from './inference-failure.ts'

/** What went wrong in a model's process, as a code that a screen can say and a text for the log. */
export function failureOf(error: unknown): { failure: RunFailure; message: string } {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { failure: codeOf(error), message }
}

function codeOf(error: unknown): RunFailure {
  if (error instanceof InferenceFailure) return error.failure
  if (error instanceof BlobError) return error.reason === 'absent' ? 'IMAGE_ABSENT' : 'IMAGE_DAMAGED'
  if (error instanceof Refusal) return 'IMAGE_UNREADABLE'
  if (error instanceof ProviderMissing) return 'PROVIDER_MISSING'
  return error instanceof NetworkRefused ? 'NETWORK_REFUSED' : 'UNEXPECTED'
}
