'use client'
import { Badge } from '@facetgrade/ui/badge'
import { buttonClass } from '@facetgrade/ui/button'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Grid } from '@facetgrade/ui/stack'
import { EmptyState } from '@facetgrade/ui/state'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { Notices } from '../account/notices.tsx'
import { Header } from '../shell/header.tsx'
import { Loaded } from '../shell/loaded.tsx'
import { OfficeMain } from '../shell/office-frame.tsx'
import { useMe } from '../shell/session-gate.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import styles from './my-studies.module.css'

/** Where everyone arrives: the studies one has a part in. */
export function MyStudies() {
  const t = useTranslations('studies')
  const me = useMe()
  const studies = useQuery(useTRPC().studies.mine.queryOptions())
  const createLink = me.isAdministrator && (
    <Link href="/create-study" className={buttonClass('primary')}>
      {t('create')}
    </Link>
  )
  return (
    <>
      <Header />
      <OfficeMain>
        <Notices />
        <PageHeader
          title={t('mine')}
          lead={t('mineLead')}
          actions={studies.data !== undefined && studies.data.length > 0 ? createLink : undefined}
        />
        <Loaded query={studies}>
          {(mine) =>
            mine.length > 0 ? (
              <Grid minimumRem={22}>
                {mine.map((study) => (
                  <StudyCard key={study.studyId} study={study} />
                ))}
              </Grid>
            ) : (
              <EmptyState title={t('noneTitle')} action={createLink}>
                {me.isAdministrator ? t('noneAdministrator') : t('nonePerson')}
              </EmptyState>
            )
          }
        </Loaded>
      </OfficeMain>
    </>
  )
}

function StudyCard({ study }: { study: Outputs['studies']['mine'][number] }) {
  const t = useTranslations('studies')
  const roleName = useTranslations('roles')
  const format = useFormatter()
  return (
    <article className={styles['study']}>
      <h2>
        <Link href={`/studies/${study.code}`}>{study.title}</Link>
      </h2>
      <p className={styles['facts']}>
        <code>{study.code}</code>
        <span>{study.roles.map((role) => roleName(role)).join(' · ')}</span>
        <span>{t('since', { date: format.dateTime(new Date(study.createdAt), { dateStyle: 'medium' }) })}</span>
      </p>
      {study.kind !== 'real' && (
        <p>
          <Badge tone="warning">{t(`kinds.${study.kind}`)}</Badge>
        </p>
      )}
    </article>
  )
}
