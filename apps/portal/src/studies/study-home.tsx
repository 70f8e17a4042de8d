'use client'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Grid } from '@facetgrade/ui/stack'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { SCREENS } from '../shell/screens.ts'
import { useStudy } from '../shell/study-frame.tsx'
import styles from './my-studies.module.css'

/** Where one arrives in a study: what there is to do for one's own roles. */
export function StudyHome() {
  const t = useTranslations('studies')
  const name = useTranslations('navigation')
  const study = useStudy()
  const mine = SCREENS.filter(
    (screen) => screen.id !== 'home' && screen.roles.some((role) => study.roles.includes(role)),
  )
  return (
    <>
      <PageHeader title={study.title} lead={t('homeLead')} />
      <Grid minimumRem={18}>
        {mine.map((screen) => (
          <article key={screen.id} className={styles['study']}>
            <h2>
              <Link prefetch={false} href={`/studies/${study.code}${screen.path}`}>
                {name(screen.id)}
              </Link>
            </h2>
            <p className={styles['facts']}>{screen.id === 'home' ? '' : t(`screens.${screen.id}`)}</p>
          </article>
        ))}
      </Grid>
    </>
  )
}
