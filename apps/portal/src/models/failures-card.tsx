'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { Row, Stack } from '@facetgrade/ui/stack'
import { ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useKeyset } from '../shell/keyset.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import type { Run } from './run-progress.tsx'

type Failure = Outputs['models']['failures']['rows'][number]
const LEAST_REASON = 10

/** Where jobs lie after their last attempt: why each failed, and the two things that a person can decide. */
export function FailuresCard({ studyCode, run }: { studyCode: string; run: Run }) {
  const t = useTranslations('models')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const { runId } = run
  const [isGivingUp, setIsGivingUp] = useState(false)
  const { retry, giveUp } = useDecisions(() => setIsGivingUp(false))
  const { query, rows, more } = useKeyset<Failure>({
    // Read anew whenever one more has failed or been dealt with.
    queryKey: [...trpc.models.failures.queryKey({ studyCode, runId }), 'pages', run.counts.failed],
    page: async ({ take, after }) =>
      (
        await client.models.failures.query({
          studyCode,
          runId,
          limit: take,
          ...(after === undefined ? {} : { after }),
        })
      ).rows,
    keyOf: (row) => row.examId,
  })
  const canRetry = run.cancelledAt === null
  const columns = useColumns(canRetry ? (examId) => retry.mutate({ studyCode, runId, examId }) : undefined)
  if (query.isPending) return <LoadingState label={shell('loading')} />
  if (query.isError)
    return (
      <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
        {refusalText(query.error)}
      </ErrorState>
    )
  return (
    <Card title={t('failures')}>
      <Stack>
        {rows.length > 0 && (
          <>
            <p>{t('failuresLead')}</p>
            <Row gap="m">
              {canRetry && (
                <Button variant="primary" isBusy={retry.isPending} onClick={() => retry.mutate({ studyCode, runId })}>
                  {t('retryAll')}
                </Button>
              )}
              <Button onClick={() => setIsGivingUp(true)}>{t('giveUp')}</Button>
            </Row>
          </>
        )}
        <Table
          caption={t('failures')}
          isCaptionHidden
          columns={columns}
          rows={rows}
          rowKey={(row) => row.examId}
          empty={<p>{t('noFailures')}</p>}
          more={more && { ...more, label: shell('more') }}
        />
      </Stack>
      <ConfirmWithReason
        isOpen={isGivingUp}
        onOpenChange={setIsGivingUp}
        title={t('giveUpTitle')}
        description={t('giveUpText')}
        words={{
          reason: shell('reason'),
          reasonHint: shell('reasonHint'),
          reasonMissing: shell('reasonMissing'),
          confirm: t('giveUp'),
          cancel: shell('cancel'),
        }}
        minimumLength={LEAST_REASON}
        tone="danger"
        isBusy={giveUp.isPending}
        error={giveUp.error ? refusalText(giveUp.error) : undefined}
        onConfirm={(reason) => giveUp.mutate({ studyCode, runId, reason })}
      />
    </Card>
  )
}

function useDecisions(onGivenUp: () => void) {
  const t = useTranslations('models')
  const refusalText = useRefusalText()
  const toast = useToast()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const anew = () => void queryClient.invalidateQueries(trpc.models.pathFilter())
  const retry = useMutation(
    trpc.models.retry.mutationOptions({
      onSuccess: ({ exams }) => {
        toast(t('retried', { exams }), 'good')
        anew()
      },
      onError: (error) => toast(refusalText(error), 'danger'),
    }),
  )
  const giveUp = useMutation(
    trpc.models.giveUp.mutationOptions({
      onSuccess: ({ exams }) => {
        toast(t('givenUp', { exams }), 'neutral')
        onGivenUp()
        anew()
      },
    }),
  )
  return { retry, giveUp }
}

function useColumns(onRetry: ((examId: string) => void) | undefined): Column<Failure>[] {
  const t = useTranslations('models')
  const protocol = useTranslations('protocol')
  const format = useFormatter()
  return [
    { id: 'patient', header: t('patient'), isRowHeader: true, cell: ({ patientCode }) => <code>{patientCode}</code> },
    { id: 'modality', header: t('modality'), cell: ({ modality }) => protocol(`modalities.${modality}`) },
    { id: 'why', header: t('why'), cell: ({ failure }) => t(`failureSentences.${failure}`) },
    { id: 'code', header: t('code'), cell: ({ failure }) => failure },
    { id: 'attempts', header: t('attempts'), isNumeric: true, cell: ({ attempts }) => format.number(attempts) },
    ...(onRetry
      ? [
          {
            id: 'retry',
            header: t('act'),
            cell: ({ examId, patientCode, modality }: Failure) => (
              <Button
                size="small"
                aria-label={t('retryFor', { patient: patientCode, modality: protocol(`modalities.${modality}`) })}
                onClick={() => onRetry(examId)}
              >
                {t('retry')}
              </Button>
            ),
          },
        ]
      : []),
  ]
}
