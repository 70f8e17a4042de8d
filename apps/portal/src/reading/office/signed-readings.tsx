'use client'
import { Button } from '@facetgrade/ui/button'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { EmptyState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../../shell/refusal.ts'
import { useTRPC, useTRPCClient } from '../../shell/trpc.ts'

/** Signed readings by reader and patient, no grade; each can be unlocked for a stated reason. */
export function SignedReadings({ studyCode }: { studyCode: string }) {
  const t = useTranslations('assignments')
  const reading = useTranslations('reading')
  const shell = useTranslations('shell')
  const format = useFormatter()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const [chosen, setChosen] = useState<string>()
  const list = useInfiniteQuery({
    queryKey: [...trpc.readings.pathKey(), 'signed', studyCode],
    queryFn: ({ pageParam }) =>
      client.readings.list.query({
        studyCode,
        signed: true,
        limit: 20,
        ...(pageParam === null ? {} : { after: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const unlock = useMutation(
    trpc.readings.unlock.mutationOptions({
      onSuccess: async () => {
        setChosen(undefined)
        await queryClient.invalidateQueries(trpc.readings.pathFilter())
        await queryClient.invalidateQueries(trpc.assignments.pathFilter())
      },
    }),
  )
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <>
      <Table
        caption={t('signedTitle')}
        rows={rows}
        rowKey={({ readingId }) => readingId}
        empty={<EmptyState title={t('noneSigned')}>{t('noneSignedText')}</EmptyState>}
        more={
          list.hasNextPage
            ? { label: shell('more'), isLoading: list.isFetchingNextPage, onMore: () => void list.fetchNextPage() }
            : undefined
        }
        columns={[
          { id: 'patient', header: t('patient'), isRowHeader: true, cell: (row) => row.patientCode },
          { id: 'modality', header: t('modality'), cell: (row) => reading(`modality.${row.modality}`) },
          { id: 'reader', header: t('reader'), cell: (row) => row.readerCode },
          {
            id: 'signed',
            header: t('signedAt'),
            cell: (row) =>
              row.signedAt && format.dateTime(new Date(row.signedAt), { dateStyle: 'medium', timeStyle: 'short' }),
          },
          {
            id: 'act',
            header: t('act'),
            cell: (row) => (
              <Button size="small" onClick={() => setChosen(row.readingId)}>
                {t('unlock')}
              </Button>
            ),
          },
        ]}
      />
      <ConfirmWithReason
        isOpen={chosen !== undefined}
        onOpenChange={(open) => !open && setChosen(undefined)}
        title={t('unlock')}
        description={t('unlockLead')}
        tone="danger"
        words={{
          reason: shell('reason'),
          reasonHint: shell('reasonHint'),
          reasonMissing: shell('reasonMissing'),
          confirm: t('unlock'),
          cancel: shell('cancel'),
        }}
        isBusy={unlock.isPending}
        error={unlock.isError ? refusalText(unlock.error) : undefined}
        onConfirm={(reason) => chosen && unlock.mutate({ studyCode, readingId: chosen, reason })}
      />
    </>
  )
}
