'use client'
import type { KeyFile } from '@facetgrade/dicom/study-key'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useHasRole } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { ClinicalCard } from './clinical-card.tsx'
import { ImportsTable } from './imports-table.tsx'
import { SendCard } from './send-card.tsx'

/** Images and clinical table in; what became of every import. */
export function ImportsScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('imports')
  const mayImport = useHasRole('coordinator')
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Stack gap="l">
        {mayImport && <Sender studyCode={studyCode} />}
        <ImportsTable studyCode={studyCode} />
      </Stack>
    </>
  )
}

function Sender({ studyCode }: { studyCode: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.imports.settings.queryOptions({ studyCode }))
  const [keyFile, setKeyFile] = useState<KeyFile>()
  return (
    <Loaded query={query}>
      {(settings) => (
        <>
          <SendCard studyCode={studyCode} settings={settings} onKey={setKeyFile} />
          <ClinicalCard studyCode={studyCode} settings={settings} keyFile={keyFile} />
        </>
      )}
    </Loaded>
  )
}
