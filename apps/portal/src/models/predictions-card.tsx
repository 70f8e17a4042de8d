'use client'
import { Button } from '@facetgrade/ui/button'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useKeyset } from '../shell/keyset.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { PredictionDialog } from './prediction-dialog.tsx'

type Prediction = Outputs['predictions']['list']['rows'][number]

/** What the model has computed that this person may see, an exam a line. */
export function PredictionsCard({ studyCode, modelId }: { studyCode: string; modelId: string }) {
  const t = useTranslations('models')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const [opened, setOpened] = useState<Prediction>()
  const { query, rows, more } = useKeyset<Prediction>({
    queryKey: [...trpc.predictions.list.queryKey({ studyCode, modelId }), 'pages'],
    page: async ({ take, after }) =>
      (
        await client.predictions.list.query({
          studyCode,
          modelId,
          limit: take,
          ...(after === undefined ? {} : { after }),
        })
      ).rows,
    keyOf: (row) => row.recordId,
  })
  const columns = useColumns(setOpened)
  if (query.isPending) return <LoadingState label={shell('loading')} />
  if (query.isError)
    return (
      <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
        {refusalText(query.error)}
      </ErrorState>
    )
  return (
    <>
      <p>{t('predictionsLead')}</p>
      <Table
        caption={t('predictions')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.recordId}
        empty={<EmptyState title={t('noPredictions')}>{t('noPredictionsText')}</EmptyState>}
        more={more && { ...more, label: shell('more') }}
      />
      {opened && <PredictionDialog studyCode={studyCode} prediction={opened} onClose={() => setOpened(undefined)} />}
    </>
  )
}

function useColumns(onOpen: (prediction: Prediction) => void): Column<Prediction>[] {
  const t = useTranslations('models')
  const protocol = useTranslations('protocol')
  const format = useFormatter()
  return [
    { id: 'patient', header: t('patient'), isRowHeader: true, cell: ({ patientCode }) => <code>{patientCode}</code> },
    { id: 'modality', header: t('modality'), cell: ({ modality }) => protocol(`modalities.${modality}`) },
    { id: 'graded', header: t('graded'), isNumeric: true, cell: ({ graded }) => format.number(graded) },
    { id: 'abstained', header: t('abstained'), isNumeric: true, cell: ({ abstained }) => format.number(abstained) },
    {
      id: 'points',
      header: t('pointVersion'),
      cell: ({ pointSetVersion }) =>
        pointSetVersion === null ? t('noPoints') : t('version', { version: pointSetVersion }),
    },
    { id: 'provider', header: t('provider'), cell: ({ executionProvider }) => executionProvider.toUpperCase() },
    {
      id: 'took',
      header: t('took'),
      isNumeric: true,
      cell: ({ elapsedMs }) => t('milliseconds', { ms: format.number(elapsedMs) }),
    },
    {
      id: 'computed',
      header: t('computed'),
      cell: ({ createdAt }) => format.dateTime(new Date(createdAt), { dateStyle: 'medium', timeStyle: 'short' }),
    },
    {
      id: 'show',
      header: t('act'),
      cell: (row) => (
        <Button
          size="small"
          aria-label={t('showFor', { patient: row.patientCode, modality: protocol(`modalities.${row.modality}`) })}
          onClick={() => onOpen(row)}
        >
          {t('show')}
        </Button>
      ),
    },
  ]
}
