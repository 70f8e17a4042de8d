'use client'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { useTranslations } from 'next-intl'
import { useHasRole } from '../shell/study-frame.tsx'
import { ModelsTable } from './models-table.tsx'
import { RegisterCard } from './register-card.tsx'
import { RunsTable } from './runs-table.tsx'

/** What may run in this study, what ran, and how a model comes in. */
export function ModelsScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('models')
  const [isInvestigator, isModeller] = [useHasRole('investigator'), useHasRole('modeller')]
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Stack gap="l">
        <ModelsTable studyCode={studyCode} />
        <RunsTable studyCode={studyCode} />
        {(isInvestigator || isModeller) && <RegisterCard studyCode={studyCode} />}
      </Stack>
    </>
  )
}
