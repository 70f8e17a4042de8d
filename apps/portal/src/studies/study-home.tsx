'use client'
import { buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { PageHeader } from '@facetgrade/ui/page-header'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useHasRole, useStudy } from '../shell/study-frame.tsx'

/** Where a study stands; a reader is led to the readings and sees nothing of the rest. */
export function StudyHome({ studyCode }: { studyCode: string }) {
  const t = useTranslations('studies')
  const study = useStudy()
  const isReader = useHasRole('reader')
  return (
    <>
      <PageHeader title={study.title} lead={isReader ? undefined : t('homeLead')} />
      {isReader && (
        <Card title={t('readerHomeTitle')}>
          <p>{t('readerHomeText')}</p>
          <div>
            <Link className={buttonClass('primary')} href={`/studies/${studyCode}/reading`}>
              {t('toReadings')}
            </Link>
          </div>
        </Card>
      )}
    </>
  )
}
