'use client'
import { PageHeader } from '@facetgrade/ui/page-header'
import { useTranslations } from 'next-intl'
import { FlowDiagram } from './flow-diagram.tsx'

export function FlowScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('screening')
  return (
    <>
      <PageHeader title={t('flowTitle')} lead={t('flowLead')} />
      <FlowDiagram studyCode={studyCode} />
    </>
  )
}
