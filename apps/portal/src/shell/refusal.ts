import type { StudyErrorCode } from '@facetgrade/study/study-error'
import { TRPCClientError } from '@trpc/client'
import { useTranslations } from 'next-intl'
import { z } from 'zod'
import en from '../../messages/en.ts'

const Refused = z.object({
  refusal: z.object({ code: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])).nullable() }),
})

export type Refusal = { code: StudyErrorCode; details: Readonly<Record<string, string | number>> }

const isKnown = (code: string): code is StudyErrorCode => code in en.refusals

/** The study's refusal inside an error, if it is one. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof TRPCClientError)) return undefined
  const parsed = Refused.safeParse(error.data)
  if (!parsed.success || !isKnown(parsed.data.refusal.code)) return undefined
  return { code: parsed.data.refusal.code, details: parsed.data.refusal.details ?? {} }
}

/** No answer came at all: the network, or a server that restarts. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TRPCClientError && (error.data === undefined || error.data === null)
}

/** One sentence for the person, for whatever a call threw. */
export function useRefusalText(): (error: unknown) => string {
  const t = useTranslations('refusals')
  return (error) => {
    const refusal = refusalOf(error)
    if (refusal) return t(refusal.code, refusal.details)
    return isUnreachable(error) ? t('UNREACHABLE') : t('UNEXPECTED')
  }
}
