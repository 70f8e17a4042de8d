'use client'
import { ErrorState } from '@facetgrade/ui/state'
import { useTranslations } from 'next-intl'

export default function Broken({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations('shell')
  return (
    <main style={{ maxWidth: '44rem', margin: '15vh auto 0', padding: '1rem' }}>
      <ErrorState title={t('brokenTitle')} retry={{ label: t('retry'), onRetry: reset }}>
        {t('brokenText')}
      </ErrorState>
    </main>
  )
}
