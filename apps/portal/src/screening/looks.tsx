'use client'
import { Card } from '@facetgrade/ui/card'
import { useFormatter, useTranslations } from 'next-intl'
import type { Outputs } from '../shell/trpc.ts'
import styles from './screening.module.css'

/** Every signed look, the oldest first. None is ever changed. */
export function Looks({ shown }: { shown: Outputs['screening']['show'] }) {
  const t = useTranslations('screening')
  const format = useFormatter()
  if (shown.looks.length === 0) return null
  return (
    <Card title={t('looks')}>
      <ol className={styles['looks']} data-testid="looks">
        {shown.looks.map((look) => (
          <li key={look.lookId}>
            <strong>{t(look.look === 'first' ? 'firstLook' : 'secondLook')}</strong>
            {': '}
            {t(`decisions.${look.decision}`)}
            {look.codes.length > 0 && ` (${look.codes.join(', ')})`}
            <span className={styles['quiet']}>
              {t('signedBy', {
                name: look.signedByName,
                when: format.dateTime(new Date(look.signedAt), { dateStyle: 'medium', timeStyle: 'short' }),
                version: look.protocolVersion,
              })}
            </span>
            {look.note !== null && <p>{look.note}</p>}
          </li>
        ))}
      </ol>
    </Card>
  )
}
