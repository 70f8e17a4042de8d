'use client'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useTransition } from 'react'
import styles from './header.module.css'
import { LOCALE_COOKIE, LOCALE_NAMES, LOCALES } from './locale.ts'

const YEAR_SECONDS = 31_536_000

/** Changes the words in place: what is typed on the screen stays. */
export function LanguageSwitch() {
  const t = useTranslations('shell')
  const locale = useLocale()
  const router = useRouter()
  const [isChanging, startChange] = useTransition()
  return (
    <fieldset className={styles['languages']} aria-label={t('language')} aria-busy={isChanging}>
      {LOCALES.map((other) => (
        <button
          key={other}
          type="button"
          lang={other}
          className={styles['language']}
          aria-pressed={other === locale}
          onClick={() => {
            document.cookie = `${LOCALE_COOKIE}=${other}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
            startChange(() => router.refresh())
          }}
        >
          {LOCALE_NAMES[other]}
        </button>
      ))}
    </fieldset>
  )
}
