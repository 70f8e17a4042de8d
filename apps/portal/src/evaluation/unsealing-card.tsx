'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { Table } from '@facetgrade/ui/table'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'

const SHORTEST_REASON = 10

/** Every opening of the test part, counted; the next one under the latest locked plan, for a stated reason. */
export function UnsealingCard({ studyCode }: { studyCode: string }) {
  const t = useTranslations('evaluation')
  const shell = useTranslations('shell')
  const format = useFormatter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const [isOpen, setIsOpen] = useState(false)
  const unsealings = useQuery(trpc.unsealing.list.queryOptions({ studyCode }))
  const plans = useQuery(trpc.plan.list.queryOptions({ studyCode }))
  const plan = plans.data?.find(({ lock }) => lock !== null)
  const mayUnseal = useHasRole('investigator')
  const isOpened = (unsealings.data?.length ?? 0) > 0
  const unseal = useMutation(
    trpc.unsealing.create.mutationOptions({
      onSuccess: async () => {
        setIsOpen(false)
        await queryClient.invalidateQueries(trpc.unsealing.pathFilter())
        await queryClient.invalidateQueries(trpc.plan.pathFilter())
        await queryClient.invalidateQueries(trpc.evaluation.pathFilter())
        await queryClient.invalidateQueries(trpc.exports.pathFilter())
      },
    }),
  )
  return (
    <Card
      title={t('unsealing')}
      actions={
        mayUnseal && (
          <Button
            size="small"
            variant={isOpened ? 'quiet' : 'danger'}
            disabled={plan === undefined}
            onClick={() => setIsOpen(true)}
          >
            {t(isOpened ? 'unsealAgain' : 'unseal')}
          </Button>
        )
      }
    >
      <Loaded query={unsealings} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p>{t(plan ? 'sealed' : 'sealedNoPlan')}</p>
          ) : (
            <Table
              caption={t('unsealing')}
              isCaptionHidden
              rows={rows}
              rowKey={({ unsealingId }) => unsealingId}
              columns={[
                { id: 'ordinal', header: t('count'), isRowHeader: true, cell: (row) => row.ordinal },
                { id: 'plan', header: t('planVersion'), isNumeric: true, cell: (row) => row.planVersion },
                { id: 'reason', header: shell('reason'), cell: (row) => row.reason },
                {
                  id: 'at',
                  header: t('at'),
                  cell: (row) => format.dateTime(new Date(row.unsealedAt), { dateStyle: 'medium', timeStyle: 'short' }),
                },
              ]}
            />
          )
        }
      </Loaded>
      <ConfirmWithReason
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={t(isOpened ? 'unsealAgain' : 'unseal')}
        description={t('unsealLead', { version: plan?.version ?? 0, ordinal: (unsealings.data?.length ?? 0) + 1 })}
        tone="danger"
        minimumLength={SHORTEST_REASON}
        words={{
          reason: shell('reason'),
          reasonHint: shell('reasonHint'),
          reasonMissing: t('reasonMissing'),
          confirm: t(isOpened ? 'unsealAgain' : 'unseal'),
          cancel: shell('cancel'),
        }}
        isBusy={unseal.isPending}
        error={unseal.isError ? refusalText(unseal.error) : undefined}
        onConfirm={(reason) => plan && unseal.mutate({ studyCode, planId: plan.planId, reason })}
      />
    </Card>
  )
}
