'use client'
import { CSV_REASONS, type CsvReason, readPatientsCsv } from '@facetgrade/dicom/patients-csv'
import { type KeyFile, openStudyKey } from '@facetgrade/dicom/study-key'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { TextField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { type Column, Table } from '@facetgrade/ui/table'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { textLanguage } from '../shell/locale.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Inputs, useTRPC } from '../shell/trpc.ts'
import type { Settings } from './use-sending.ts'

type Rows = Inputs['patients']['preview']['rows']
type Problem = { row: number | null; column: string | null; sentence: string }

/** The clinical table: read and pseudonymised here, shown first, taken whole when the person confirms. */
export function ClinicalCard({
  studyCode,
  settings,
  keyFile,
}: {
  studyCode: string
  settings: Settings
  keyFile: KeyFile | undefined
}) {
  const t = useTranslations('imports.clinical')
  const refusalText = useRefusalText()
  const language = textLanguage(useLocale())
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [table, setTable] = useState<{ rows: Rows; problems: Problem[] }>()
  const preview = useMutation(trpc.patients.preview.mutationOptions())
  const confirm = useMutation(
    trpc.patients.confirm.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.patients.pathFilter()),
    }),
  )
  const read = async (file: File | undefined) => {
    preview.reset()
    confirm.reset()
    setTable(undefined)
    if (!file) return
    const { rows, problems } = readPatientsCsv(new Uint8Array(await file.arrayBuffer()), {
      columns: settings.clinicalColumns,
      key: keyFile ? openStudyKey(keyFile, studyCode) : null,
      defaultIssuer: settings.defaultIssuer,
    })
    const sentence = (reason: CsvReason) => CSV_REASONS[reason][language]
    const found = {
      rows: rows.map(({ line, ...row }) => ({ row: line, ...row })),
      problems: problems.map(({ row, column, reason }) => ({ row, column, sentence: sentence(reason) })),
    }
    setTable(found)
    if (found.problems.length === 0) preview.mutate({ studyCode, rows: found.rows })
  }
  const problems: Problem[] = [
    ...(table?.problems ?? []),
    ...(preview.data?.problems ?? []).map(({ row, column, reason }) => ({
      row,
      column,
      sentence: t(`reasons.${reason}`),
    })),
  ]
  const seen = preview.data
  return (
    <Card title={t('title')}>
      <Stack>
        <p>{t('lead')}</p>
        <TextField
          type="file"
          accept=".csv,text/csv"
          label={t('file')}
          hint={keyFile ? undefined : t('keyFirst')}
          onChange={(event) => void read(event.target.files?.[0])}
        />
        {problems.length > 0 && <Problems problems={problems} />}
        {seen && problems.length === 0 && table && !confirm.isSuccess && (
          <Banner
            tone="neutral"
            action={
              <Button
                variant="primary"
                isBusy={confirm.isPending}
                onClick={() =>
                  confirm.mutate({
                    studyCode,
                    rows: table.rows,
                    expected: { created: seen.created, changed: seen.changed },
                  })
                }
              >
                {t('confirm')}
              </Button>
            }
          >
            {t('preview', { created: seen.created, changed: seen.changed, unchanged: seen.unchanged })}
          </Banner>
        )}
        {confirm.isSuccess && <Banner tone="good">{t('taken', { rows: table?.rows.length ?? 0 })}</Banner>}
        {(preview.isError || confirm.isError) && (
          <Banner tone="danger">{refusalText(preview.error ?? confirm.error)}</Banner>
        )}
      </Stack>
    </Card>
  )
}

const SHOWN = 100

function Problems({ problems }: { problems: readonly Problem[] }) {
  const t = useTranslations('imports.clinical')
  const columns: Column<Problem & { id: string }>[] = [
    { id: 'row', header: t('row'), isNumeric: true, isRowHeader: true, cell: ({ row }) => row ?? '–' },
    { id: 'column', header: t('column'), cell: ({ column }) => column ?? '–' },
    { id: 'reason', header: t('reason'), cell: ({ sentence }) => sentence },
  ]
  return (
    <>
      <Banner tone="danger">{t('problems', { count: problems.length })}</Banner>
      <Table
        caption={t('problemsCaption')}
        isCaptionHidden
        columns={columns}
        rows={problems.slice(0, SHOWN).map((problem, index) => ({ ...problem, id: String(index) }))}
        rowKey={({ id }) => id}
      />
    </>
  )
}
