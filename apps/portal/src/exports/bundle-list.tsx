'use client'
import { Badge } from '@facetgrade/ui/badge'
import { buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useFormatter, useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { type Bundle, useBundles } from './use-bundles.ts'

const MEGABYTE = 1e6
const TONE = { building: 'accent', ready: 'good', failed: 'danger' } as const

/** Every bundle that was made: how far, how large, and the same files again. */
export function BundleList({ studyCode }: { studyCode: string }) {
  const t = useTranslations('exports.bundle')
  const format = useFormatter()
  const bundles = useBundles(studyCode)
  const size = ({ bytes }: Bundle): string =>
    bytes === null ? '' : t('sizeValue', { megabytes: format.number(bytes / MEGABYTE, { maximumFractionDigits: 1 }) })
  return (
    <Card title={t('list')}>
      <Loaded query={bundles}>
        {({ rows }) =>
          rows.length === 0 ? (
            <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
          ) : (
            <Stack gap="m">
              {rows
                .filter(({ state }) => state === 'building')
                .map((row) => (
                  <Writing key={row.bundleId} bundle={row} />
                ))}
              <Table
                caption={t('list')}
                isCaptionHidden
                rows={rows}
                rowKey={({ bundleId }) => bundleId}
                columns={[
                  { id: 'number', header: t('number'), isRowHeader: true, cell: (row) => row.ordinal },
                  { id: 'kind', header: t('kind'), cell: (row) => t(row.isBlinded ? 'blinded' : 'unblinded') },
                  {
                    id: 'made',
                    header: t('made'),
                    cell: (row) =>
                      format.dateTime(new Date(row.requestedAt), { dateStyle: 'medium', timeStyle: 'short' }),
                  },
                  {
                    id: 'state',
                    header: t('state'),
                    cell: (row) => (
                      <Badge tone={TONE[row.state]}>
                        {row.state === 'failed' ? t('failed', { reason: t('notBuilt') }) : t(`stateName.${row.state}`)}
                      </Badge>
                    ),
                  },
                  { id: 'size', header: t('size'), isNumeric: true, cell: size },
                  {
                    id: 'content',
                    header: t('content'),
                    cell: ({ contentHash }) =>
                      contentHash === null ? '' : <code title={contentHash}>{contentHash.slice(0, 16)}…</code>,
                  },
                  {
                    id: 'fetch',
                    header: '',
                    cell: (row) =>
                      row.state === 'ready' && (
                        <a
                          className={buttonClass('secondary', 'small')}
                          href={`/api/exports/${studyCode}/bundles/${row.bundleId}/zip`}
                          download
                        >
                          {t('fetch', { ordinal: row.ordinal })}
                        </a>
                      ),
                  },
                ]}
              />
            </Stack>
          )
        }
      </Loaded>
    </Card>
  )
}

function Writing({ bundle }: { bundle: Bundle }) {
  const t = useTranslations('exports.bundle')
  const { ordinal, donePatients, allPatients } = bundle
  const known = allPatients === null ? {} : { value: donePatients, max: allPatients }
  const detail = allPatients === null ? t('waiting') : t('progressDetail', { done: donePatients, all: allPatients })
  return <ProgressBar label={t('progress', { ordinal })} detail={detail} {...known} />
}
