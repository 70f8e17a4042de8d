'use client'
import { buttonClass } from '@facetgrade/ui/button'
import { Row } from '@facetgrade/ui/stack'
import { useLocale, useTranslations } from 'next-intl'
import { textLanguage } from '../shell/locale.ts'

const FORMATS = ['html', 'pdf', 'docx'] as const

/** The whole report as a file, in the language of the screen. */
export function ReportFiles({ studyCode, evaluationId }: { studyCode: string; evaluationId: string }) {
  const t = useTranslations('evaluation.report')
  const language = textLanguage(useLocale())
  return (
    <Row gap="s" align="center">
      <span>{t('title')}</span>
      {FORMATS.map((format) => (
        <a
          key={format}
          className={buttonClass('secondary', 'small')}
          href={`/api/reports/${studyCode}/${evaluationId}/report.${format}?language=${language}`}
          download
        >
          {t(format)}
        </a>
      ))}
    </Row>
  )
}
