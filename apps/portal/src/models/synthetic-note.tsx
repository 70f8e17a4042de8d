'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { useTranslations } from 'next-intl'

/** Stands wherever a model that only phantoms have trained is named. */
export function SyntheticBadge() {
  const t = useTranslations('models')
  return <Badge tone="warning">{t('synthetic')}</Badge>
}

export function SyntheticBanner() {
  const t = useTranslations('models')
  return <Banner tone="warning">{t('syntheticLong')}</Banner>
}
