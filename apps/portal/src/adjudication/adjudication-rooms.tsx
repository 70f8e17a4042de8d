'use client'
import { Badge } from '@facetgrade/ui/badge'
import { buttonClass } from '@facetgrade/ui/button'
import { PageHeader } from '@facetgrade/ui/page-header'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC, useTRPCClient } from '../shell/trpc.ts'

const TONE = { open: 'accent', confirmed: 'good', voided: 'warning' } as const

/** The rooms of the reader's own pair, in the order of their own list; a case is a number, not a patient. */
export function AdjudicationRooms({ studyCode }: { studyCode: string }) {
  const t = useTranslations('adjudication')
  const reading = useTranslations('reading')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const refusalText = useRefusalText()
  const list = useInfiniteQuery({
    queryKey: [...trpc.adjudication.pathKey(), 'rooms', studyCode],
    queryFn: ({ pageParam }) =>
      client.adjudication.rooms.query({ studyCode, ...(pageParam === null ? {} : { after: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      {list.isError ? (
        <ErrorState
          title={shell('cannotLoad')}
          retry={{ label: shell('retry'), onRetry: () => void list.refetch(), isBusy: list.isFetching }}
        >
          {refusalText(list.error)}
        </ErrorState>
      ) : !list.data ? (
        <LoadingState label={shell('loading')} />
      ) : (
        <Table
          caption={t('title')}
          isCaptionHidden
          rows={rows}
          rowKey={({ roomId }) => roomId}
          empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
          more={
            list.hasNextPage
              ? { label: shell('more'), isLoading: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }
              : undefined
          }
          columns={[
            { id: 'case', header: reading('case'), isRowHeader: true, isNumeric: true, cell: (row) => row.position },
            { id: 'modality', header: reading('modalityHeader'), cell: (row) => reading(`modality.${row.modality}`) },
            {
              id: 'state',
              header: reading('state'),
              cell: (row) => <Badge tone={TONE[row.state]}>{t(`state.${row.state}`)}</Badge>,
            },
            {
              id: 'decided',
              header: t('decidedHeader'),
              isNumeric: true,
              cell: (row) => t('decidedOf', { decided: row.decided, items: row.items }),
            },
            {
              id: 'open',
              header: reading('act'),
              cell: (row) => (
                <Link
                  className={buttonClass('secondary', 'small')}
                  href={`/studies/${studyCode}/adjudication/${row.roomId}`}
                >
                  {t(row.state === 'open' ? 'enter' : 'look', { number: row.position })}
                </Link>
              ),
            },
          ]}
        />
      )}
    </>
  )
}
