'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { Loaded } from '../../shell/loaded.tsx'
import { useRefusalText } from '../../shell/refusal.ts'
import { useHasRole } from '../../shell/study-frame.tsx'
import { useTRPC } from '../../shell/trpc.ts'
import { ReturnedCases } from './returned-cases.tsx'
import { SignedReadings } from './signed-readings.tsx'

/** The investigator hands out the cases, follows the readers without seeing a grade, and checks the chains; a coordinator settles what was returned. */
export function AssignmentsScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('assignments')
  const isInvestigator = useHasRole('investigator')
  if (isInvestigator) return <HandingOut studyCode={studyCode} />
  return (
    <>
      <PageHeader title={t('returnedTitle')} lead={t('returnedLead')} />
      <ReturnedCases studyCode={studyCode} />
    </>
  )
}

function HandingOut({ studyCode }: { studyCode: string }) {
  const t = useTranslations('assignments')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const progress = useQuery(trpc.assignments.progress.queryOptions({ studyCode }))
  const create = useMutation(
    trpc.assignments.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.assignments.pathFilter()),
    }),
  )
  const verify = useQuery({ ...trpc.readings.verifyChains.queryOptions({ studyCode }), enabled: false, gcTime: 0 })
  const checkpoint = useMutation(trpc.readings.checkpoint.mutationOptions())
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Button variant="primary" isBusy={create.isPending} onClick={() => create.mutate({ studyCode })}>
            {t('create')}
          </Button>
        }
      />
      <Stack gap="l">
        {create.isError && <Banner tone="danger">{refusalText(create.error)}</Banner>}
        {create.data && (
          <Banner tone="good">
            {create.data.added.length === 0
              ? t('nothingAdded')
              : create.data.added.map(({ readerCode, cases }) => t('added', { readerCode, cases })).join(' · ')}
          </Banner>
        )}
        {create.data && create.data.withoutNumbering > 0 && (
          <Banner tone="warning">{t('withoutNumbering', { count: create.data.withoutNumbering })}</Banner>
        )}
        {create.data && create.data.withoutCompleteExam > 0 && (
          <Banner tone="warning">{t('withoutCompleteExam', { count: create.data.withoutCompleteExam })}</Banner>
        )}
        {create.data && create.data.shortGroups.length > 0 && (
          <Banner tone="warning">{t('shortGroups', { groups: create.data.shortGroups.join(', ') })}</Banner>
        )}
        <Loaded query={progress}>
          {({ readers }) => (
            <Table
              caption={t('progress')}
              rows={readers}
              rowKey={({ readerCode }) => readerCode}
              empty={<EmptyState title={t('noReaders')}>{t('noReadersText')}</EmptyState>}
              columns={[
                { id: 'reader', header: t('reader'), isRowHeader: true, cell: ({ readerCode }) => readerCode },
                { id: 'group', header: t('group'), cell: ({ readerGroup }) => readerGroup },
                {
                  id: 'active',
                  header: t('standing'),
                  cell: ({ isActive }) => (
                    <Badge tone={isActive ? 'good' : 'neutral'}>{isActive ? t('active') : t('left')}</Badge>
                  ),
                },
                { id: 'assigned', header: t('assigned'), isNumeric: true, cell: ({ assigned }) => assigned },
                { id: 'signed', header: t('signed'), isNumeric: true, cell: ({ signed }) => signed },
                { id: 'drafts', header: t('drafts'), isNumeric: true, cell: ({ drafts }) => drafts },
                { id: 'returned', header: t('returned'), isNumeric: true, cell: ({ returned }) => returned },
              ]}
            />
          )}
        </Loaded>
        <ReturnedCases studyCode={studyCode} />
        <SignedReadings studyCode={studyCode} />
        <Card
          title={t('chains')}
          actions={
            <>
              <Button size="small" isBusy={checkpoint.isPending} onClick={() => checkpoint.mutate({ studyCode })}>
                {t('checkpoint')}
              </Button>
              <Button size="small" isBusy={verify.isFetching} onClick={() => void verify.refetch()}>
                {t('verify')}
              </Button>
            </>
          }
        >
          <p>{t('chainsLead')}</p>
          {checkpoint.data && <p>{t('checkpointed', { count: checkpoint.data.readings })}</p>}
          {(verify.error ?? checkpoint.error) && (
            <Banner tone="danger">{refusalText(verify.error ?? checkpoint.error)}</Banner>
          )}
          {verify.data &&
            (verify.data.faults.length === 0 ? (
              <Banner tone="good">
                {t('chainsIntact', { readings: verify.data.readings, events: verify.data.events })}
              </Banner>
            ) : (
              <Banner tone="danger">
                {verify.data.faults
                  .map(({ readerCode, sequence, reason }) =>
                    t('fault', { reader: readerCode ?? '–', sequence: sequence ?? 0, reason }),
                  )
                  .join(' ')}
              </Banner>
            ))}
        </Card>
      </Stack>
    </>
  )
}
