'use client'
import type { CellAnswer } from '@facetgrade/grading/cell'
import { useLocale, useTranslations } from 'next-intl'
import type { FormFeature } from '../reading/grading/reading-form.ts'
import { textLanguage } from '../shell/locale.ts'

/** An answer as people say it: the grade with its label, or not assessable with its reason. */
export function useAnswerText(): (answer: CellAnswer, question: FormFeature | undefined) => string {
  const t = useTranslations('reading')
  const language = textLanguage(useLocale())
  return (answer, question) => {
    if (answer.kind === 'graded') {
      const label = question?.scale[answer.grade]?.label[language]
      return label === undefined ? String(answer.grade) : `${answer.grade} · ${label}`
    }
    const reason = answer.reason.code === 'other' ? answer.reason.text : t(`reason.${answer.reason.code}`)
    return `${t('notAssessable')}: ${reason}`
  }
}
