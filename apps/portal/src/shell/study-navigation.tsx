'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { SCREENS } from './screens.ts'
import { useStudy } from './study-frame.tsx'
import styles from './study-navigation.module.css'

/** The ways inside a study that one of the person's roles may go. */
export function StudyNavigation() {
  const t = useTranslations('navigation')
  const study = useStudy()
  const pathname = usePathname()
  const root = `/studies/${study.code}`
  const mine = SCREENS.filter((screen) => screen.roles.some((role) => study.roles.includes(role)))
  const isHere = (path: string) => (path === '' ? pathname === root : pathname.startsWith(`${root}${path}`))
  return (
    <nav className={styles['navigation']} aria-label={t('label')}>
      <ul>
        {mine.map((screen) => (
          <li key={screen.id}>
            <Link
              prefetch={false}
              href={`${root}${screen.path}`}
              aria-current={isHere(screen.path) ? 'page' : undefined}
            >
              {t(screen.id)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
