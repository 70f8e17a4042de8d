'use client'
import { Stepper } from '@facetgrade/ui/stepper'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { SCREENS } from '../shell/screens.ts'
import { useStudy } from '../shell/study-frame.tsx'
import type { Outputs } from '../shell/trpc.ts'
import { CHAIN, type ChainStep, chainStates } from './chain.ts'

/** The screen where a step's work is done. */
const SCREEN_OF = {
  protocol: 'protocol',
  imports: 'imports',
  screening: 'screening',
  split: 'split',
  reading: 'assignments',
  evaluation: 'evaluation',
} as const satisfies Record<ChainStep, (typeof SCREENS)[number]['id']>

/** The study's way in steps, each with its state and what that state rests on. */
export function StudyChain({ flow, version }: { flow: Outputs['screening']['flow']; version: number }) {
  const t = useTranslations('studies')
  const states = chainStates(flow)
  const { split: allocated, read, analysed } = flow.totals
  const all = allocated - flow.withdrawn
  const details: Record<ChainStep, string> = {
    protocol: t('stepDetails.protocol', { version }),
    imports: t('stepDetails.imports', { count: flow.received }),
    screening: t('stepDetails.screening', {
      screened: flow.screened,
      received: flow.received,
      eligible: flow.eligible,
    }),
    split: flow.byPart
      ? t('stepDetails.split', { sealed: allocated > 0 ? 'yes' : 'no', ...flow.byPart.split })
      : t('stepDetails.splitTotal', { count: allocated }),
    reading: t('stepDetails.reading', { read, all }),
    evaluation: t('stepDetails.evaluation', { analysed, all }),
  }
  return (
    <Stepper
      label={t('chain')}
      steps={CHAIN.map((step) => ({
        id: step,
        label: <ScreenLink step={step}>{t(`steps.${step}`)}</ScreenLink>,
        state: states[step],
        stateLabel: t(`stepStates.${states[step]}`),
        ...(states[step] === 'blocked' ? {} : { detail: details[step] }),
      }))}
    />
  )
}

/** A link where one of the person's roles may go there, words where not. */
function ScreenLink({ step, children }: { step: ChainStep; children: ReactNode }) {
  const study = useStudy()
  const screen = SCREENS.find(({ id }) => id === SCREEN_OF[step])
  const mayGo = screen?.roles.some((role) => study.roles.includes(role)) ?? false
  return mayGo && screen ? (
    <Link prefetch={false} href={`/studies/${study.code}${screen.path}`}>
      {children}
    </Link>
  ) : (
    <>{children}</>
  )
}
