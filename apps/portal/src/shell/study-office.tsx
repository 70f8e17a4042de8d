'use client'
import { Banner } from '@facetgrade/ui/banner'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Header } from './header.tsx'
import styles from './office-frame.module.css'
import { OfficeMain } from './office-frame.tsx'
import { StudyFrame, useStudy } from './study-frame.tsx'
import { StudyNavigation } from './study-navigation.tsx'

/** Header, navigation and banner around every office screen of a study. */
export function StudyOffice({ studyCode, children }: { studyCode: string; children: ReactNode }) {
  return (
    <StudyFrame studyCode={studyCode} outside={(state) => <OutsideStudy>{state}</OutsideStudy>}>
      <StudyHeader />
      <div className={styles['study']}>
        <div className={styles['side']}>
          <StudyNavigation />
        </div>
        <div className={styles['content']}>
          <KindBanner />
          <OfficeMain>{children}</OfficeMain>
        </div>
      </div>
    </StudyFrame>
  )
}

function OutsideStudy({ children }: { children: ReactNode }) {
  return (
    <>
      <Header />
      <OfficeMain>{children}</OfficeMain>
    </>
  )
}

function StudyHeader() {
  const study = useStudy()
  const roleName = useTranslations('roles')
  const roles = study.roles.map((role) => roleName(role)).join(' · ')
  return <Header studyTitle={study.title} studyPath={`/studies/${study.code}`} roles={roles} />
}

function KindBanner() {
  const t = useTranslations('shell')
  const { kind } = useStudy()
  if (kind === 'real') return null
  return (
    <aside className={styles['banner']} aria-label={t(`kindMark.${kind}`)}>
      <Banner tone="warning">{kind === 'demo' ? t('demoStudy') : t('syntheticStudy')}</Banner>
    </aside>
  )
}
