import { buttonClass } from '@facetgrade/ui/button'
import { EmptyState } from '@facetgrade/ui/state'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

/** For an address that leads nowhere, and for one that leads to someone else's: one answer. */
export function NothingHere() {
  const t = useTranslations('shell')
  return (
    <EmptyState
      title={t('notFoundTitle')}
      action={
        <Link href="/" className={buttonClass('primary')}>
          {t('home')}
        </Link>
      }
    >
      {t('notFoundText')}
    </EmptyState>
  )
}
