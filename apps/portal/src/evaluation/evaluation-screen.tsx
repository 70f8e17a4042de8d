'use client'
import { Banner } from '@facetgrade/ui/banner'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useStudy } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { PlanCard } from './plan-card.tsx'
import { ReferenceCard } from './reference-card.tsx'
import { ResultsCard } from './results-card.tsx'
import { UnsealingCard } from './unsealing-card.tsx'

/** From the reference standard to the first numbers, in the order in which they must come. */
export function EvaluationScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('evaluation')
  const { kind } = useStudy()
  const trpc = useTRPC()
  const evaluations = useQuery(trpc.evaluation.list.queryOptions({ studyCode }))
  // Once there are results, they are what people come for; how they came about stands below.
  const hasResults = (evaluations.data?.length ?? 0) > 0
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Stack gap="l">
        {kind !== 'real' && <Banner tone="warning">{t(`notPatients.${kind}`)}</Banner>}
        {hasResults && <ResultsCard studyCode={studyCode} />}
        <ReferenceCard studyCode={studyCode} />
        <PlanCard studyCode={studyCode} />
        <UnsealingCard studyCode={studyCode} />
        {!hasResults && <ResultsCard studyCode={studyCode} />}
      </Stack>
    </>
  )
}
