'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { SelectField } from '@facetgrade/ui/field'
import { LiveRegion } from '@facetgrade/ui/live-region'
import { Row, Stack } from '@facetgrade/ui/stack'
import { ErrorState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { z } from 'zod'
import { useBundles } from './use-bundles.ts'

const Difference = z.object({
  isSame: z.boolean(),
  versions: z.array(z.object({ what: z.string(), first: z.string(), second: z.string() })),
  tables: z.array(
    z.object({
      name: z.string(),
      added: z.int(),
      removed: z.int(),
      changed: z.int(),
      examples: z.array(z.object({ key: z.string(), columns: z.array(z.string()) })),
    }),
  ),
  files: z.array(z.object({ name: z.string(), change: z.enum(['added', 'removed', 'changed']) })),
})
type Difference = z.infer<typeof Difference>

/** Two finished bundles side by side: versions, tables and rows that differ. Nothing to compare below two. */
export function BundleComparison({ studyCode }: { studyCode: string }) {
  const t = useTranslations('exports.bundle')
  const bundles = useBundles(studyCode)
  const ready = (bundles.data?.rows ?? []).filter(({ state }) => state === 'ready')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const compare = useMutation({
    mutationFn: async () => {
      const response = await fetch(`/api/exports/${studyCode}/bundles/${first}/compare/${second}`)
      if (!response.ok) throw new Error(String(response.status))
      return Difference.parse(await response.json())
    },
  })
  if (ready.length < 2) return null
  const options = ready.map(({ bundleId, ordinal, isBlinded }) => ({
    value: bundleId,
    label: t('option', { ordinal, kind: t(isBlinded ? 'blinded' : 'unblinded') }),
  }))
  return (
    <Card title={t('compare')}>
      <Stack gap="m">
        <Row gap="m" align="end">
          <SelectField
            label={t('first')}
            placeholder={t('choose')}
            value={first}
            onChange={(event) => setFirst(event.target.value)}
            options={options}
          />
          <SelectField
            label={t('second')}
            placeholder={t('choose')}
            value={second}
            onChange={(event) => setSecond(event.target.value)}
            options={options}
          />
          <Button
            variant="secondary"
            disabled={first === '' || second === ''}
            isBusy={compare.isPending}
            onClick={() => compare.mutate()}
          >
            {t('doCompare')}
          </Button>
        </Row>
        {compare.isError && <ErrorState title={t('compare')}>{t('cannotCompare')}</ErrorState>}
        {compare.data && <Differences difference={compare.data} />}
      </Stack>
    </Card>
  )
}

function Differences({ difference }: { difference: Difference }) {
  const t = useTranslations('exports.bundle')
  if (difference.isSame) return <output>{t('same')}</output>
  return (
    <Stack gap="m">
      <LiveRegion text={t('filesDiffer', { count: difference.files.length })} />
      <p>{t('filesDiffer', { count: difference.files.length })}</p>
      {difference.versions.length > 0 && (
        <Table
          caption={t('versions')}
          rows={difference.versions}
          rowKey={({ what }) => what}
          columns={[
            { id: 'what', header: t('what'), isRowHeader: true, cell: (row) => <code>{row.what}</code> },
            { id: 'first', header: t('first'), cell: (row) => <code>{short(row.first)}</code> },
            { id: 'second', header: t('second'), cell: (row) => <code>{short(row.second)}</code> },
          ]}
        />
      )}
      {difference.tables.length > 0 && (
        <Table
          caption={t('tables')}
          rows={difference.tables}
          rowKey={({ name }) => name}
          columns={[
            { id: 'table', header: t('table'), isRowHeader: true, cell: (row) => <code>{row.name}</code> },
            { id: 'added', header: t('added'), isNumeric: true, cell: (row) => row.added },
            { id: 'removed', header: t('removed'), isNumeric: true, cell: (row) => row.removed },
            { id: 'changed', header: t('changed'), isNumeric: true, cell: (row) => row.changed },
            {
              id: 'example',
              header: t('example'),
              cell: (row) => row.examples.map(({ key, columns }) => [key, ...columns].join(' · ')).join('; '),
            },
          ]}
        />
      )}
    </Stack>
  )
}

const LONGEST = 44
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
