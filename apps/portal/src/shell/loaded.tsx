'use client'
import { ErrorState, LoadingState } from '@facetgrade/ui/state'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useRefusalText } from './refusal.ts'

/** A query's three states in one place: `<Loaded query={members}>{(rows) => …}</Loaded>`. */
export function Loaded<Data>({
  query,
  children,
  lines,
}: {
  query: UseQueryResult<Data, unknown>
  children: (data: Data) => ReactNode
  lines?: number
}) {
  const t = useTranslations('shell')
  const refusalText = useRefusalText()
  if (query.isSuccess || query.data !== undefined) return <>{children(query.data as Data)}</>
  if (query.isError)
    return (
      <ErrorState
        title={t('cannotLoad')}
        retry={{ label: t('retry'), onRetry: () => void query.refetch(), isBusy: query.isFetching }}
      >
        {refusalText(query.error)}
      </ErrorState>
    )
  return <LoadingState label={t('loading')} {...(lines === undefined ? {} : { lines })} />
}
