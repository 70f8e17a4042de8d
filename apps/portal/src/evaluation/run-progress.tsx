'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { useTRPC } from '../shell/trpc.ts'

const POLL_MS = 1000
type RunProgressProps = {
  studyCode: string
  runId: string
  /** Null: it was cancelled, or its failure was read. */
  onFinished: (evaluationId: string | null) => Promise<void>
}

/** How far an ordered evaluation is; it can be cancelled until it is over. */
export function RunProgress({ studyCode, runId, onFinished }: RunProgressProps) {
  const t = useTranslations('evaluation')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const follow = useQuery({
    ...trpc.evaluation.follow.queryOptions({ studyCode, runId }),
    refetchInterval: ({ state }) => (isOver(state.data?.state) ? false : POLL_MS),
  })
  const cancel = useMutation(trpc.evaluation.cancel.mutationOptions())
  const run = follow.data
  useEffect(() => {
    if (run?.state === 'done' || run?.state === 'cancelled') void onFinished(run.evaluationId)
  }, [run?.state, run?.evaluationId, onFinished])
  if (run?.state === 'failed') {
    return (
      <Banner tone="danger" action={<Button onClick={() => void onFinished(null)}>{shell('close')}</Button>}>
        {t('runFailed', { code: run.failure ?? 'UNEXPECTED' })}
      </Banner>
    )
  }
  return (
    <ProgressBar
      label={t('running')}
      {...(run?.state === 'running' ? { value: run.progress } : {})}
      cancel={{ label: shell('cancel'), onCancel: () => cancel.mutate({ studyCode, runId }) }}
    />
  )
}

const isOver = (state: string | undefined): boolean => state === 'done' || state === 'failed' || state === 'cancelled'
