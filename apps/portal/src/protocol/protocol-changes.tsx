'use client'
import { Table } from '@facetgrade/ui/table'
import { useTranslations } from 'next-intl'
import type { Outputs } from '../shell/trpc.ts'
import styles from './protocol.module.css'

type Changes = Extract<Outputs['protocol']['check'], { ok: true }>['changes']

/** What an amendment changes: where, from what, to what. */
export function ProtocolChanges({ changes }: { changes: Changes }) {
  const t = useTranslations('protocol')
  const shown = (value: unknown) =>
    value === undefined ? (
      '—'
    ) : (
      <code className={styles['value']}>{typeof value === 'string' ? value : JSON.stringify(value, null, 1)}</code>
    )
  return (
    <Table
      caption={t('changes')}
      isCaptionHidden
      columns={[
        {
          id: 'path',
          header: t('where'),
          isRowHeader: true,
          cell: (change) => <code className={styles['path']}>{change.path}</code>,
        },
        { id: 'before', header: t('before'), cell: (change) => shown(change.before) },
        { id: 'after', header: t('after'), cell: (change) => shown(change.after) },
      ]}
      rows={changes}
      rowKey={(change) => change.path}
    />
  )
}
