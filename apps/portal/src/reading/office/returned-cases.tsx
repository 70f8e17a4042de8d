'use client'
import { Button } from '@facetgrade/ui/button'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { EmptyState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../../shell/loaded.tsx'
import { useRefusalText } from '../../shell/refusal.ts'
import { useTRPC } from '../../shell/trpc.ts'

/** Cases that readers handed back: settled in the numbering or the images, then given to the same reader again. */
export function ReturnedCases({ studyCode }: { studyCode: string }) {
  const t = useTranslations('assignments')
  const reading = useTranslations('reading')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const [chosen, setChosen] = useState<string>()
  const returned = useQuery(trpc.assignments.returned.queryOptions({ studyCode }))
  const reissue = useMutation(
    trpc.assignments.reissue.mutationOptions({
      onSuccess: async () => {
        setChosen(undefined)
        await queryClient.invalidateQueries(trpc.assignments.pathFilter())
      },
    }),
  )
  return (
    <>
      <Loaded query={returned}>
        {({ rows }) => (
          <Table
            caption={t('returnedTitle')}
            rows={rows}
            rowKey={({ assignmentId }) => assignmentId}
            empty={<EmptyState title={t('noneReturned')}>{t('noneReturnedText')}</EmptyState>}
            columns={[
              {
                id: 'patient',
                header: t('patient'),
                isRowHeader: true,
                cell: (row) => `${row.enrolmentNumber} · ${row.patientCode}`,
              },
              { id: 'modality', header: t('modality'), cell: (row) => reading(`modality.${row.modality}`) },
              { id: 'reader', header: t('reader'), cell: (row) => row.readerCode },
              {
                id: 'reason',
                header: t('why'),
                cell: (row) =>
                  [isReason(row.reason) ? reading(`returnReason.${row.reason}`) : row.reason, row.note]
                    .filter(Boolean)
                    .join(': '),
              },
              {
                id: 'act',
                header: t('act'),
                cell: (row) => (
                  <Button size="small" onClick={() => setChosen(row.assignmentId)}>
                    {t('reissue')}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      <ConfirmWithReason
        isOpen={chosen !== undefined}
        onOpenChange={(open) => !open && setChosen(undefined)}
        title={t('reissue')}
        description={t('reissueLead')}
        words={{
          reason: shell('reason'),
          reasonHint: shell('reasonHint'),
          reasonMissing: shell('reasonMissing'),
          confirm: t('reissue'),
          cancel: shell('cancel'),
        }}
        isBusy={reissue.isPending}
        error={reissue.isError ? refusalText(reissue.error) : undefined}
        onConfirm={(note) => chosen && reissue.mutate({ studyCode, assignmentId: chosen, note })}
      />
    </>
  )
}

const isReason = (reason: string): reason is 'numbering' | 'wrong_image' | 'image_quality' =>
  ['numbering', 'wrong_image', 'image_quality'].includes(reason)
