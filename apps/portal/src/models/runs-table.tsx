'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Row } from '@facetgrade/ui/stack'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { POLL_MS, RUN_TONES, type Run } from './run-progress.tsx'
import { SyntheticBadge } from './synthetic-note.tsx'

const PAGE_ROWS = 50

/** Newest first, and while one of them is at work looked at again and again. */
export function RunsTable({ studyCode }: { studyCode: string }) {
  const t = useTranslations('models')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const query = useInfiniteQuery({
    queryKey: [...trpc.models.runs.queryKey({ studyCode }), 'pages'],
    queryFn: ({ pageParam }) =>
      client.models.runs.query({ studyCode, limit: PAGE_ROWS, ...(pageParam === '' ? {} : { after: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ rows }) => rows.some((run) => run.state === 'working')) ? POLL_MS : false,
  })
  const columns = useColumns(studyCode)
  if (query.isPending) return <LoadingState label={shell('loading')} />
  if (query.isError)
    return (
      <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
        {refusalText(query.error)}
      </ErrorState>
    )
  const more = { isLoading: query.isFetchingNextPage, onMore: () => void query.fetchNextPage(), label: shell('more') }
  return (
    <Table
      caption={t('runs')}
      columns={columns}
      rows={query.data.pages.flatMap(({ rows }) => rows)}
      rowKey={(run) => run.runId}
      empty={<EmptyState title={t('noRuns')}>{t('noRunsText')}</EmptyState>}
      {...(query.hasNextPage ? { more } : {})}
    />
  )
}

function useColumns(studyCode: string): Column<Run>[] {
  const t = useTranslations('models')
  const format = useFormatter()
  return [
    {
      id: 'run',
      header: t('run'),
      isRowHeader: true,
      cell: (run) => (
        <Link href={`/studies/${studyCode}/models/runs/${run.runId}`}>
          {format.dateTime(new Date(run.requestedAt), { dateStyle: 'medium', timeStyle: 'short' })}
        </Link>
      ),
    },
    {
      id: 'model',
      header: t('model'),
      cell: (run) => (
        <Row gap="s">
          <span>{run.modelTitle}</span>
          {run.isSyntheticOnly && <SyntheticBadge />}
        </Row>
      ),
    },
    { id: 'purpose', header: t('purpose'), cell: (run) => t(`purposes.${run.purpose}`) },
    {
      id: 'scope',
      header: t('scope'),
      cell: (run) => [t(`scopes.${run.scope}`), ...run.parts.map((part) => t(`parts.${part}`))].join(' · '),
    },
    {
      id: 'state',
      header: t('state'),
      cell: (run) => <Badge tone={RUN_TONES[run.state]}>{t(`runStates.${run.state}`)}</Badge>,
    },
    {
      id: 'progress',
      header: t('progress'),
      isNumeric: true,
      cell: (run) => t('done', { done: format.number(run.counts.done), total: format.number(run.total) }),
    },
  ]
}
