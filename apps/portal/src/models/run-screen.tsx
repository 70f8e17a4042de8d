'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Button, buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { Dialog } from '@facetgrade/ui/dialog'
import { LiveRegion } from '@facetgrade/ui/live-region'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Row, Stack } from '@facetgrade/ui/stack'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { FailuresCard } from './failures-card.tsx'
import { POLL_MS, RUN_TONES, type Run, RunProgress } from './run-progress.tsx'
import { SyntheticBanner } from './synthetic-note.tsx'

const COUNTS = ['waiting', 'running', 'done', 'wasThere', 'failed', 'given_up', 'cancelled'] as const

/** One run: how far it is, what came to nothing, and what a person can do about it. */
export function RunScreen({ studyCode, runId }: { studyCode: string; runId: string }) {
  const trpc = useTRPC()
  const query = useQuery(
    trpc.models.showRun.queryOptions(
      { studyCode, runId },
      { refetchInterval: ({ state }) => (state.data?.state === 'working' ? POLL_MS : false) },
    ),
  )
  return <Loaded query={query}>{(run) => <Shown studyCode={studyCode} run={run} />}</Loaded>
}

function Shown({ studyCode, run }: { studyCode: string; run: Run }) {
  const t = useTranslations('models')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { done } = run.counts
  useEffect(() => {
    // What the model's page and the lists have shown is older than what was just written.
    if (done > 0) void queryClient.invalidateQueries(trpc.predictions.pathFilter())
  }, [done, queryClient, trpc])
  const format = useFormatter()
  const [isCancelling, setIsCancelling] = useState(false)
  const [isInvestigator, isModeller] = [useHasRole('investigator'), useHasRole('modeller')]
  const mayKeep = useHasRole('coordinator') || isInvestigator || isModeller
  return (
    <>
      <PageHeader
        title={`${t(`purposes.${run.purpose}`)} · ${run.modelTitle}`}
        lead={t('orderedBy', { name: run.requestedByName })}
        actions={
          <Link className={buttonClass('secondary')} href={`/studies/${studyCode}/models`}>
            {t('back')}
          </Link>
        }
      />
      <Stack gap="l">
        {run.isSyntheticOnly && <SyntheticBanner />}
        <Card>
          <Stack>
            <Row gap="s">
              <Badge tone={RUN_TONES[run.state]}>{t(`runStates.${run.state}`)}</Badge>
              <span>
                {[t(`scopes.${run.scope}`), ...run.parts.map((part) => t(`parts.${part}`))].join(' · ')} ·{' '}
                {format.dateTime(new Date(run.requestedAt), { dateStyle: 'medium', timeStyle: 'short' })}
              </span>
            </Row>
            <RunProgress run={run} {...(mayKeep ? { onCancel: () => setIsCancelling(true) } : {})} />
            <LiveRegion text={run.state === 'working' ? '' : t(`runStates.${run.state}`)} />
            {run.cancelledAt !== null && (
              <p>
                {t('cancelled', {
                  at: format.dateTime(new Date(run.cancelledAt), { dateStyle: 'medium', timeStyle: 'short' }),
                })}
              </p>
            )}
          </Stack>
        </Card>
        <Card title={t('counts')}>
          <DefinitionList
            items={COUNTS.map((count) => ({
              id: count,
              name: t(`countNames.${count}`),
              value: format.number(run.counts[count]),
            }))}
          />
        </Card>
        {mayKeep && <FailuresCard studyCode={studyCode} run={run} />}
        <CancelDialog studyCode={studyCode} run={run} isOpen={isCancelling} onOpenChange={setIsCancelling} />
      </Stack>
    </>
  )
}

function CancelDialog({
  studyCode,
  run,
  isOpen,
  onOpenChange,
}: {
  studyCode: string
  run: Run
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const t = useTranslations('models')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const cancel = useMutation(
    trpc.models.cancelRun.mutationOptions({
      onSuccess: () => {
        onOpenChange(false)
        void queryClient.invalidateQueries(trpc.models.pathFilter())
      },
    }),
  )
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={t('cancel')}
      description={t('cancelText')}
      closeLabel={shell('cancel')}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{shell('cancel')}</Button>
          <Button
            variant="danger"
            isBusy={cancel.isPending}
            onClick={() => cancel.mutate({ studyCode, runId: run.runId })}
          >
            {t('cancel')}
          </Button>
        </>
      }
    >
      {cancel.error ? <p role="alert">{refusalText(cancel.error)}</p> : null}
    </Dialog>
  )
}
