'use client'
import { isOutcomeCode, outcomeSentence } from '@facetgrade/dicom/outcome-codes'
import { Badge } from '@facetgrade/ui/badge'
import { Card } from '@facetgrade/ui/card'
import { SelectField } from '@facetgrade/ui/field'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useQuery } from '@tanstack/react-query'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useKeyset } from '../shell/keyset.ts'
import { textLanguage } from '../shell/locale.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { CheckingProgress } from './checking-progress.tsx'

type Line = Outputs['imports']['ledger']['rows'][number]
type Count = Outputs['imports']['show']['counts'][number]
const TONES = {
  accepted: 'good',
  duplicate: 'neutral',
  held: 'warning',
  quarantined: 'warning',
  rejected: 'danger',
} as const

/** One import: its sum, and a line for every file with what to do about it. */
export function LedgerScreen({ studyCode, importId }: { studyCode: string; importId: string }) {
  const t = useTranslations('imports')
  const trpc = useTRPC()
  const [code, setCode] = useState('')
  const shown = useQuery(trpc.imports.show.queryOptions({ studyCode, importId }))
  const counts = shown.data?.counts ?? []
  return (
    <>
      <PageHeader title={t('ledger')} lead={t('ledgerLead')} />
      <Stack gap="l">
        <CheckingProgress studyCode={studyCode} importId={importId} isLinked={false} />
        <Card title={t('byCode')}>
          <CountsTable counts={counts} />
        </Card>
        <SelectField
          label={t('filter')}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          options={[
            { value: '', label: t('all') },
            ...counts.map((count) => ({
              value: count.code,
              label: `${t(`outcomes.${count.outcome}`)} · ${count.code}`,
            })),
          ]}
        />
        <LinesTable key={code} studyCode={studyCode} importId={importId} code={code} />
      </Stack>
    </>
  )
}

function useSentence(): (code: string) => string {
  const t = useTranslations('imports')
  const language = textLanguage(useLocale())
  return (code) => {
    if (isOutcomeCode(code)) return outcomeSentence(code, language)
    return code === 'DUPLICATE' ? t('duplicateText') : t('acceptedText')
  }
}

function CountsTable({ counts }: { counts: readonly Count[] }) {
  const t = useTranslations('imports')
  const format = useFormatter()
  const sentence = useSentence()
  const columns: Column<Count>[] = [
    {
      id: 'outcome',
      header: t('outcome'),
      cell: ({ outcome }) => <Badge tone={TONES[outcome]}>{t(`outcomes.${outcome}`)}</Badge>,
    },
    { id: 'code', header: t('code'), isRowHeader: true, cell: (count) => count.code },
    { id: 'files', header: t('files'), isNumeric: true, cell: ({ files }) => format.number(files) },
    { id: 'sentence', header: t('sentence'), cell: (count) => sentence(count.code) },
  ]
  return (
    <Table
      caption={t('byCode')}
      isCaptionHidden
      columns={columns}
      rows={counts}
      rowKey={(count) => count.code}
      empty={<p>{t('noLines')}</p>}
    />
  )
}

function LinesTable({ studyCode, importId, code }: { studyCode: string; importId: string; code: string }) {
  const t = useTranslations('imports')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const sentence = useSentence()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const filter = code === '' ? {} : { code }
  const { query, rows, more } = useKeyset<Line>({
    queryKey: [...trpc.imports.ledger.queryKey({ studyCode, importId, ...filter }), 'pages'],
    page: async ({ take, after }) =>
      (
        await client.imports.ledger.query({
          studyCode,
          importId,
          ...filter,
          limit: take,
          ...(after === undefined ? {} : { after: Number(after) }),
        })
      ).rows,
    keyOf: (line) => String(line.fileIndex),
  })
  const columns: Column<Line>[] = [
    { id: 'file', header: t('file'), isRowHeader: true, cell: (line) => line.fileIndex + 1 },
    {
      id: 'outcome',
      header: t('outcome'),
      cell: ({ outcome }) => <Badge tone={TONES[outcome]}>{t(`outcomes.${outcome}`)}</Badge>,
    },
    { id: 'code', header: t('code'), cell: (line) => line.code },
    { id: 'sentence', header: t('sentence'), cell: (line) => sentence(line.code) },
  ]
  if (query.isPending) return <LoadingState label={shell('loading')} />
  if (query.isError)
    return (
      <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
        {refusalText(query.error)}
      </ErrorState>
    )
  return (
    <Table
      caption={t('lines')}
      columns={columns}
      rows={rows}
      rowKey={(line) => String(line.fileIndex)}
      empty={<EmptyState title={t('noLines')}>{t('noLinesText')}</EmptyState>}
      more={more && { ...more, label: shell('more') }}
    />
  )
}
