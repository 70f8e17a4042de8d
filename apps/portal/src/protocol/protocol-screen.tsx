'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Button, buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { SelectField } from '@facetgrade/ui/field'
import { PageHeader } from '@facetgrade/ui/page-header'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useHasRole, useStudy } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import styles from './protocol.module.css'
import { ProtocolView } from './protocol-view.tsx'

/** What everyone in the study works by, in words; any version. */
export function ProtocolScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('protocol')
  const format = useFormatter()
  const mayAmend = useHasRole('investigator')
  const trpc = useTRPC()
  const [version, setVersion] = useState<number>()
  const versions = useQuery(trpc.protocol.versions.queryOptions({ studyCode }))
  const shown = useQuery(trpc.protocol.show.queryOptions({ studyCode, ...(version === undefined ? {} : { version }) }))
  const latest = versions.data?.reduce((last, row) => Math.max(last, row.version), 0)
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            {shown.data && <SaveDocument version={shown.data} />}
            {mayAmend && (
              <Link className={buttonClass('primary')} href={`/studies/${studyCode}/protocol/amend`}>
                {t('amend')}
              </Link>
            )}
          </>
        }
      />
      <Loaded query={shown} lines={8}>
        {(row) => (
          <>
            <Card>
              <div className={styles['version']}>
                <SelectField
                  label={t('version')}
                  value={String(row.version)}
                  options={(versions.data ?? [row]).map((each) => ({
                    value: String(each.version),
                    label: t('versionOf', {
                      version: each.version,
                      date: format.dateTime(new Date(each.createdAt), { dateStyle: 'medium' }),
                    }),
                  }))}
                  onChange={(event) => setVersion(Number(event.target.value))}
                />
                <p>
                  {row.version === latest ? (
                    <Badge tone="good">{t('inForce')}</Badge>
                  ) : (
                    <Badge tone="warning">{t('superseded')}</Badge>
                  )}
                </p>
                <p className={styles['reason']}>
                  {t('reasonGiven')} {row.reason}
                </p>
                <p className={styles['hash']}>
                  SHA-256 <code>{row.hash}</code>
                </p>
              </div>
            </Card>
            <ProtocolView protocol={row.protocol} />
          </>
        )}
      </Loaded>
    </>
  )
}

function SaveDocument({ version }: { version: Outputs['protocol']['show'] }) {
  const t = useTranslations('protocol')
  const { code } = useStudy()
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(
      new Blob([`${JSON.stringify(version.protocol, null, 2)}\n`], { type: 'application/json' }),
    )
    link.download = `${code}-protocol-v${version.version}.json`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return <Button onClick={save}>{t('save')}</Button>
}
