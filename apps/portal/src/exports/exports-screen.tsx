'use client'
import { Banner } from '@facetgrade/ui/banner'
import { buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { Table } from '@facetgrade/ui/table'
import { useQuery } from '@tanstack/react-query'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { textLanguage } from '../shell/locale.ts'
import { useTRPC } from '../shell/trpc.ts'
import { BundleComparison } from './bundle-comparison.tsx'
import { BundleList } from './bundle-list.tsx'
import { NewBundle } from './new-bundle.tsx'

/** What can be downloaded, and how much there is of each part; of a sealed test part the counts alone. */
export function ExportsScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('exports')
  const language = textLanguage(useLocale())
  const format = useFormatter()
  const trpc = useTRPC()
  const list = useQuery(trpc.exports.list.queryOptions({ studyCode }))
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Loaded query={list}>
        {({ isTestOpen, counts, files }) => (
          <Stack gap="l">
            <Banner tone={isTestOpen ? 'warning' : 'neutral'}>
              {isTestOpen ? t('testOpen') : `${t('testSealed')} ${t('blindedNow')}`}
            </Banner>
            <NewBundle studyCode={studyCode} isTestOpen={isTestOpen} />
            <BundleList studyCode={studyCode} />
            <BundleComparison studyCode={studyCode} />
            <Card title={t('tablesNow')}>
              <Table
                caption={t('files')}
                isCaptionHidden
                rows={files}
                rowKey={({ file }) => file}
                columns={[
                  { id: 'file', header: t('file'), isRowHeader: true, cell: (row) => <code>{row.file}</code> },
                  { id: 'what', header: t('what'), cell: (row) => row.label[language] },
                  {
                    id: 'get',
                    header: t('get'),
                    cell: (row) => (
                      <a
                        className={buttonClass('secondary', 'small')}
                        href={`/api/exports/${studyCode}/${row.file}`}
                        download
                      >
                        {t('download', { file: row.file })}
                      </a>
                    ),
                  },
                ]}
              />
            </Card>
            <Card title={t('counts')}>
              <Table
                caption={t('counts')}
                isCaptionHidden
                rows={counts}
                rowKey={({ part }) => part ?? 'none'}
                columns={[
                  {
                    id: 'part',
                    header: t('part'),
                    isRowHeader: true,
                    cell: (row) => t(`partName.${row.part ?? 'none'}`),
                  },
                  ...COUNTS.map((count) => ({
                    id: count,
                    header: t(`count.${count}`),
                    isNumeric: true,
                    cell: (row: (typeof counts)[number]) => format.number(row[count]),
                  })),
                ]}
              />
            </Card>
            <p>{t('encoding')}</p>
          </Stack>
        )}
      </Loaded>
    </>
  )
}

const COUNTS = ['patients', 'readings', 'signedReadings', 'gradeEvents', 'consensusCells', 'referenceCells'] as const
