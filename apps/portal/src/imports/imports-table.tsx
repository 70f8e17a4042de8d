'use client'
import { Badge } from '@facetgrade/ui/badge'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useKeyset } from '../shell/keyset.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { outcomeSums } from './checking-progress.tsx'

type Import = Outputs['imports']['list']['rows'][number]
const OUTCOMES = ['accepted', 'duplicate', 'held', 'quarantined', 'rejected'] as const
const TONES = { receiving: 'accent', finishing: 'accent', done: 'good', cancelled: 'warning' } as const

export function ImportsTable({ studyCode }: { studyCode: string }) {
  const t = useTranslations('imports')
  const shell = useTranslations('shell')
  const format = useFormatter()
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const { query, rows, more } = useKeyset<Import>({
    queryKey: [...trpc.imports.list.queryKey({ studyCode }), 'pages'],
    page: async ({ take, after }) =>
      (await client.imports.list.query({ studyCode, limit: take, ...(after === undefined ? {} : { after }) })).rows,
    keyOf: (row) => row.importId,
  })
  const columns: Column<Import>[] = [
    {
      id: 'begun',
      header: t('begun'),
      isRowHeader: true,
      cell: (row) => (
        <Link href={`/studies/${studyCode}/imports/${row.importId}`}>
          {format.dateTime(new Date(row.createdAt), { dateStyle: 'medium', timeStyle: 'short' })}
        </Link>
      ),
    },
    { id: 'source', header: t('source'), cell: (row) => t(`sources.${row.source}`) },
    {
      id: 'state',
      header: t('state'),
      cell: (row) => <Badge tone={TONES[row.state]}>{t(`states.${row.state}`)}</Badge>,
    },
    { id: 'received', header: t('received'), isNumeric: true, cell: (row) => format.number(row.fileCount) },
    ...OUTCOMES.map(
      (outcome): Column<Import> => ({
        id: outcome,
        header: t(`outcomes.${outcome}`),
        isNumeric: true,
        cell: (row) => format.number(outcomeSums(row.counts)[outcome]),
      }),
    ),
  ]
  if (query.isPending) return <LoadingState label={shell('loading')} />
  if (query.isError)
    return (
      <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
        {refusalText(query.error)}
      </ErrorState>
    )
  return (
    <Table
      caption={t('imports')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.importId}
      empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
      more={more && { ...more, label: shell('more') }}
    />
  )
}
