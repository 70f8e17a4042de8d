'use client'
import { Badge } from '@facetgrade/ui/badge'
import { buttonClass } from '@facetgrade/ui/button'
import { PageHeader } from '@facetgrade/ui/page-header'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'

type Row = Outputs['assignments']['mine']['rows'][number]
const TONE = { new: 'neutral', draft: 'accent', signed: 'good', returned: 'warning' } as const

/** A reader's own cases in their own order: place and modality, nothing that tells whose they are. */
export function Worklist({ studyCode }: { studyCode: string }) {
  const t = useTranslations('reading')
  const shell = useTranslations('shell')
  const client = useTRPCClient()
  const trpc = useTRPC()
  const refusalText = useRefusalText()
  useEffect(() => {
    // The viewer's code comes while the list is looked at, not between a click and the first image.
    import('./page/image-pane.tsx').catch(() => undefined) // the case itself says what is wrong
  }, [])
  const list = useInfiniteQuery({
    queryKey: [...trpc.assignments.pathKey(), 'mine', studyCode],
    queryFn: ({ pageParam }) => client.assignments.mine.query({ studyCode, after: pageParam }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  })
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
  const counts = list.data?.pages[0]?.counts
  const resume = rows.find(({ state }) => state === 'draft') ?? rows.find(({ state }) => state === 'new')
  const addressOf = (row: Row) => `/studies/${studyCode}/reading/${row.assignmentId}`
  return (
    <>
      <PageHeader
        title={t('worklistTitle')}
        lead={t('worklistLead')}
        actions={
          resume && (
            <Link className={buttonClass('primary')} href={addressOf(resume)}>
              {t(resume.state === 'draft' ? 'continueCase' : 'startCase', { number: resume.position })}
            </Link>
          )
        }
      />
      {list.isError ? (
        <ErrorState
          title={shell('cannotLoad')}
          retry={{ label: shell('retry'), onRetry: () => void list.refetch(), isBusy: list.isFetching }}
        >
          {refusalText(list.error)}
        </ErrorState>
      ) : !counts ? (
        <LoadingState label={shell('loading')} />
      ) : (
        <Stack gap="m">
          {counts.total > 0 && (
            <ProgressBar
              label={t('signedCases')}
              value={counts.signed}
              max={counts.total}
              detail={t('signedOf', { signed: counts.signed, total: counts.total })}
            />
          )}
          <Table
            caption={t('worklistTitle')}
            isCaptionHidden
            rows={rows}
            rowKey={(row) => row.assignmentId}
            empty={<EmptyState title={t('noCases')}>{t('noCasesText')}</EmptyState>}
            more={
              list.hasNextPage
                ? { label: shell('more'), isLoading: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }
                : undefined
            }
            columns={[
              { id: 'position', header: t('case'), isRowHeader: true, cell: (row) => row.position },
              { id: 'modality', header: t('modalityHeader'), cell: (row) => t(`modality.${row.modality}`) },
              {
                id: 'state',
                header: t('state'),
                cell: (row) => <Badge tone={TONE[row.state]}>{t(`stateName.${row.state}`)}</Badge>,
              },
              {
                id: 'answered',
                header: t('cells'),
                isNumeric: true,
                cell: (row) => t('ofCells', { answered: row.answered, required: row.required }),
              },
              {
                id: 'open',
                header: t('act'),
                cell: (row) =>
                  row.state === 'returned' ? (
                    t('waitsForOffice')
                  ) : (
                    <Link className={buttonClass('secondary', 'small')} href={addressOf(row)}>
                      {t(row.state === 'signed' ? 'look' : row.state === 'draft' ? 'continue' : 'open', {
                        number: row.position,
                      })}
                    </Link>
                  ),
              },
            ]}
          />
        </Stack>
      )}
    </>
  )
}
