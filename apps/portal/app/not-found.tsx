import { buttonClass } from '@facetgrade/ui/button'
import { EmptyState } from '@facetgrade/ui/state'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'

export default async function NotFound() {
  const t = await getTranslations('shell')
  return (
    <main style={{ maxWidth: '44rem', margin: '15vh auto 0', padding: '1rem' }}>
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
    </main>
  )
}
