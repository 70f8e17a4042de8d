'use client'
import { PageHeader } from '@facetgrade/ui/page-header'
import { EmptyState } from '@facetgrade/ui/state'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { useHasRole } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { PreviewSplit } from './preview-split.tsx'
import { SealedSplit } from './sealed-split.tsx'

/** Before the seal what it would do, in counts; after it what stands, and that it still does. */
export function SplitScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('split')
  const trpc = useTRPC()
  const shown = useQuery(trpc.split.show.queryOptions({ studyCode }))
  const maySeal = useHasRole('investigator')
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Loaded query={shown} lines={6}>
        {(split) => {
          if (split.state === 'sealed') return <SealedSplit studyCode={studyCode} split={split} />
          if (maySeal) return <PreviewSplit studyCode={studyCode} seedDrawnAt={split.seedDrawnAt} />
          return <EmptyState title={t('notSealed')}>{t('notSealedLead')}</EmptyState>
        }}
      </Loaded>
    </>
  )
}
