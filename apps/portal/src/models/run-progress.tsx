'use client'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { useFormatter, useTranslations } from 'next-intl'
import type { Outputs } from '../shell/trpc.ts'

export type Run = Outputs['models']['showRun']
export const RUN_TONES = { working: 'accent', needs_a_person: 'danger', done: 'good', cancelled: 'warning' } as const
/** Often enough to see it move, seldom enough that a hundred open pages do not weigh. */
export const POLL_MS = 2000

const MINUTE = 60

export function RunProgress({ run, onCancel }: { run: Run; onCancel?: () => void }) {
  const t = useTranslations('models')
  const format = useFormatter()
  const seconds = run.secondsLeft === null ? null : Math.ceil(run.secondsLeft)
  const hasBegun = run.counts.startedAt !== null
  return (
    <ProgressBar
      label={t('progress')}
      value={run.counts.done}
      max={run.total}
      detail={
        run.state === 'working' && !hasBegun
          ? t('noWorker')
          : t('done', { done: format.number(run.counts.done), total: format.number(run.total) })
      }
      {...(run.state === 'working' && run.examsPerMinute !== null
        ? { rate: t('rate', { rate: format.number(run.examsPerMinute, { maximumFractionDigits: 1 }) }) }
        : {})}
      {...(seconds === null
        ? {}
        : { timeLeft: t('left', { minutes: Math.floor(seconds / MINUTE), seconds: seconds % MINUTE }) })}
      {...(onCancel && run.state === 'working' ? { cancel: { label: t('cancel'), onCancel } } : {})}
    />
  )
}
