'use client'
import { Badge } from '@facetgrade/ui/badge'
import { useTranslations } from 'next-intl'
import { useStudy } from './study-frame.tsx'

/** On screens that are all image: that no patient is behind it. Nothing in a study of patients. */
export function KindMark() {
  const t = useTranslations('shell')
  const { kind } = useStudy()
  return kind === 'real' ? null : <Badge tone="warning">{t(`kindMark.${kind}`)}</Badge>
}
