'use client'
import { Badge, type BadgeTone } from '@facetgrade/ui/badge'
import { buttonClass } from '@facetgrade/ui/button'
import { CheckboxField } from '@facetgrade/ui/field'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useKeyset } from '../shell/keyset.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'

type ScreeningRow = Outputs['screening']['list']['rows'][number]
const TONES = {
  not_screened: 'neutral',
  second_look_missing: 'accent',
  disagreement: 'warning',
  eligible: 'good',
  excluded: 'danger',
} as const satisfies Record<ScreeningRow['standing'], BadgeTone>

/** Every patient with what was decided and what somebody has to do next. */
export function ScreeningScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('screening')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const [open, setOpen] = useState(false)
  const { query, rows, more } = useKeyset<ScreeningRow>({
    queryKey: [...trpc.screening.list.queryKey({ studyCode, open }), 'pages'],
    page: async ({ take, after }) =>
      (await client.screening.list.query({ studyCode, open, limit: take, ...(after === undefined ? {} : { after }) }))
        .rows,
    keyOf: (row) => row.patientId,
  })
  const columns = useColumns(studyCode)
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Link prefetch={false} className={buttonClass()} href={`/studies/${studyCode}/screening/flow`}>
            {t('flowTitle')}
          </Link>
        }
      />
      <Stack>
        <CheckboxField label={t('openOnly')} checked={open} onChange={(event) => setOpen(event.target.checked)} />
        {query.isPending && <LoadingState label={shell('loading')} />}
        {query.isError && (
          <ErrorState
            title={shell('cannotLoad')}
            retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}
          >
            {refusalText(query.error)}
          </ErrorState>
        )}
        {query.isSuccess && (
          <Table
            caption={t('title')}
            isCaptionHidden
            columns={columns}
            rows={rows}
            rowKey={(row) => row.patientId}
            empty={<EmptyState title={open ? t('noneOpen') : t('none')}>{t('noneText')}</EmptyState>}
            more={more && { ...more, label: shell('more') }}
          />
        )}
      </Stack>
    </>
  )
}

function useColumns(studyCode: string): Column<ScreeningRow>[] {
  const t = useTranslations('screening')
  const decisionOf = (decision: ScreeningRow['firstLook']) => (decision === null ? '–' : t(`decisions.${decision}`))
  return [
    { id: 'number', header: t('number'), isNumeric: true, cell: (row) => row.enrolmentNumber },
    {
      id: 'code',
      header: t('code'),
      isRowHeader: true,
      cell: (row) => (
        <Link prefetch={false} href={`/studies/${studyCode}/screening/${row.patientId}`}>
          {row.patientCode}
        </Link>
      ),
    },
    {
      id: 'modalities',
      header: t('images'),
      cell: (row) => row.modalities.map((modality) => t(`modalities.${modality}`)).join(' · ') || '–',
    },
    { id: 'numbered', header: t('numbering'), cell: (row) => (row.isNumbered ? t('confirmed') : '–') },
    { id: 'first', header: t('firstLook'), cell: (row) => decisionOf(row.firstLook) },
    { id: 'second', header: t('secondLook'), cell: (row) => decisionOf(row.secondLook) },
    {
      id: 'standing',
      header: t('standing'),
      cell: (row) =>
        row.isWithdrawn ? (
          <Badge tone="warning">{t('withdrawn')}</Badge>
        ) : (
          <Badge tone={TONES[row.standing]}>{t(`standings.${row.standing}`)}</Badge>
        ),
    },
    { id: 'next', header: t('next'), cell: (row) => (row.next === null ? '–' : t(`steps.${row.next}`)) },
  ]
}
