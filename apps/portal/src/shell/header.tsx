'use client'
import { Button } from '@facetgrade/ui/button'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import styles from './header.module.css'
import { LanguageSwitch } from './language-switch.tsx'
import { useMe } from './session-gate.tsx'
import { signInClient } from './sign-in-client.ts'

/** Who is signed in, in which language, and the ways out. `roles`: what the person is in the study on the screen. */
export function Header({ studyTitle, studyPath, roles }: { studyTitle?: string; studyPath?: string; roles?: string }) {
  const t = useTranslations('shell')
  const me = useMe()
  return (
    <header className={styles['header']}>
      <a href="#main" className={styles['skip']}>
        {t('skipToMain')}
      </a>
      <Link href="/" className={styles['brand']}>
        FacetGrade
      </Link>
      {studyTitle !== undefined && (
        <Link href={studyPath ?? '/'} className={styles['study']}>
          {studyTitle}
        </Link>
      )}
      <div className={styles['person']}>
        {me.isAdministrator && <Link href="/administration">{t('administration')}</Link>}
        <Link href="/account" className={styles['account']}>
          <span className={styles['name']}>{me.name}</span>
          {roles !== undefined && <span className={styles['roles']}>{roles}</span>}
        </Link>
        <LanguageSwitch />
        <SignOut />
      </div>
    </header>
  )
}

function SignOut() {
  const t = useTranslations('shell')
  const [isBusy, setIsBusy] = useState(false)
  const signOut = async () => {
    setIsBusy(true)
    await signInClient.signOut()
    // A full load: nothing of this person stays in the page's memory for the next one.
    window.location.assign('/sign-in')
  }
  return (
    <Button size="small" isBusy={isBusy} onClick={() => void signOut()}>
      {t('signOut')}
    </Button>
  )
}
