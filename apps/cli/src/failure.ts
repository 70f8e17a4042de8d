import { STUDY_ERROR_CODES, type StudyErrorCode } from '@facetgrade/study/study-error'
import { TRPCClientError } from '@trpc/client'
import { CommanderError } from 'commander'
import { z } from 'zod'
import { RefusedError, UsageError } from './refusal.ts'
import { refusalSentence } from './refusal-sentences.ts'

export type Failure = {
  exit: 0 | 1 | 2 | 3
  code: string
  sentence: string
  details?: Readonly<Record<string, unknown>>
}

const ServerError = z.object({
  data: z.object({
    code: z.string(),
    refusal: z
      .object({ code: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])).nullable() })
      .nullish(),
  }),
})

const isStudyErrorCode = (code: string): code is StudyErrorCode => STUDY_ERROR_CODES.some((known) => known === code)

/** What to say and how to exit for whatever a command threw. Stack traces are for bugs alone. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RefusedError) {
    return { exit: 3, code: error.code, sentence: error.message, ...(error.details ? { details: error.details } : {}) }
  }
  if (error instanceof UsageError) return { exit: 2, code: 'USAGE', sentence: error.message }
  // Commander has printed its own message by now.
  if (error instanceof CommanderError) return { exit: error.exitCode === 0 ? 0 : 2, code: 'USAGE', sentence: '' }
  if (error instanceof TRPCClientError) return serverFailure(error)
  return {
    exit: 1,
    code: 'UNEXPECTED',
    sentence: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}

function serverFailure(error: Error & { cause?: unknown; shape?: unknown }): Failure {
  const parsed = ServerError.safeParse(error.shape)
  if (!parsed.success) {
    return {
      exit: 1,
      code: 'UNREACHABLE',
      sentence: 'The server does not answer. Check FACETGRADE_URL and whether it is running.',
    }
  }
  const { code, refusal } = parsed.data.data
  if (refusal) {
    const sentence = isStudyErrorCode(refusal.code) ? refusalSentence(refusal.code) : 'The server refused.'
    return { exit: 3, code: refusal.code, sentence, ...(refusal.details ? { details: refusal.details } : {}) }
  }
  if (code === 'BAD_REQUEST')
    return { exit: 2, code: 'USAGE', sentence: `The server did not understand the request: ${error.message}` }
  return { exit: 1, code, sentence: `The server failed: ${error.message}` }
}
