'use client'
import { Card } from '@facetgrade/ui/card'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Grid, Stack } from '@facetgrade/ui/stack'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { FlowBoxes } from '../screening/flow-diagram.tsx'
import { Loaded } from '../shell/loaded.tsx'
import { SCREENS } from '../shell/screens.ts'
import { useHasRole, useStudy } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'
import styles from './my-studies.module.css'
import { StudyChain } from './study-chain.tsx'

/** Where one arrives in a study: what there is to do for one's own roles. */
export function StudyHome() {
  const t = useTranslations('studies')
  const name = useTranslations('navigation')
  const study = useStudy()
  const seesFlow = useHasRole('investigator', 'statistician', 'monitor', 'coordinator')
  const mine = SCREENS.filter(
    (screen) => screen.id !== 'home' && screen.roles.some((role) => study.roles.includes(role)),
  )
  return (
    <>
      <PageHeader title={study.title} lead={t('homeLead')} />
      <Stack gap="l">
        {seesFlow && <WholeStudy studyCode={study.code} />}
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
      </Stack>
    </>
  )
}

/** Where the study stands, and the flow of its patients: one query for both. */
function WholeStudy({ studyCode }: { studyCode: string }) {
  const t = useTranslations('studies')
  const flow = useQuery(useTRPC().screening.flow.queryOptions({ studyCode }))
  return (
    <Loaded query={flow}>
      {(counts) => (
        <Stack>
          <StudyChain flow={counts} version={counts.protocolVersion} />
          {counts.received > 0 && (
            <Card title={t('flow')}>
              <FlowBoxes flow={counts} />
            </Card>
          )}
        </Stack>
      )}
    </Loaded>
  )
}
