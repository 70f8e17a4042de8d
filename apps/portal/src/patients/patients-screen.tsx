'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Button } from '@facetgrade/ui/button'
import { PageHeader } from '@facetgrade/ui/page-header'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useKeyset } from '../shell/keyset.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { useTRPC, useTRPCClient } from '../shell/trpc.ts'
import type { Patient } from './patient.ts'
import { WithdrawPatient } from './withdraw-patient.tsx'

const MODALITIES = ['xray', 'ct', 'mr'] as const

/** The cohort as the office knows it: enrolment number, code, basic data, exams. */
export function PatientsScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('patients')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const isCoordinator = useHasRole('coordinator')
  const isInvestigator = useHasRole('investigator')
  const [withdrawing, setWithdrawing] = useState<Patient>()
  const { query, rows, more } = useKeyset<Patient>({
    queryKey: [...trpc.patients.list.queryKey({ studyCode }), 'pages'],
    page: async ({ take, after }) =>
      (await client.patients.list.query({ studyCode, limit: take, ...(after === undefined ? {} : { after }) })).rows,
    keyOf: (patient) => patient.patientId,
  })
  const columns = useColumns(isCoordinator || isInvestigator ? setWithdrawing : undefined)
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      {query.isPending && <LoadingState label={shell('loading')} />}
      {query.isError && (
        <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
          {refusalText(query.error)}
        </ErrorState>
      )}
      {query.isSuccess && (
        <Table
          caption={t('title')}
          isCaptionHidden
          columns={columns}
          rows={rows}
          rowKey={(patient) => patient.patientId}
          empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
          more={more && { ...more, label: shell('more') }}
        />
      )}
      {withdrawing && (
        <WithdrawPatient
          studyCode={studyCode}
          patient={withdrawing}
          onClose={() => setWithdrawing(undefined)}
          onDone={() => {
            setWithdrawing(undefined)
            void queryClient.invalidateQueries(trpc.patients.pathFilter())
          }}
        />
      )}
    </>
  )
}

function useColumns(onWithdraw: ((patient: Patient) => void) | undefined): Column<Patient>[] {
  const t = useTranslations('patients')
  const modality = useTranslations('patients.modalities')
  const columns: Column<Patient>[] = [
    { id: 'number', header: t('number'), isNumeric: true, cell: (patient) => patient.enrolmentNumber },
    { id: 'code', header: t('code'), isRowHeader: true, cell: (patient) => patient.patientCode },
    { id: 'sex', header: t('sex'), cell: (patient) => patient.sex ?? '–' },
    { id: 'age', header: t('age'), isNumeric: true, cell: (patient) => patient.ageYears ?? '–' },
    { id: 'site', header: t('site'), cell: (patient) => patient.site ?? '–' },
    ...MODALITIES.map(
      (name): Column<Patient> => ({
        id: name,
        header: modality(name),
        isNumeric: true,
        cell: (patient) => patient.exams[name] ?? 0,
      }),
    ),
    {
      id: 'state',
      header: t('state'),
      cell: ({ withdrawnAt }) =>
        withdrawnAt === null ? (
          <Badge tone="good">{t('inStudy')}</Badge>
        ) : (
          <Badge tone="warning">{t('withdrawn')}</Badge>
        ),
    },
  ]
  if (!onWithdraw) return columns
  return [
    ...columns,
    {
      id: 'acts',
      header: t('acts'),
      cell: (patient) =>
        patient.withdrawnAt === null && (
          <Button
            size="small"
            aria-label={t('withdrawNamed', { code: patient.patientCode })}
            onClick={() => onWithdraw(patient)}
          >
            {t('withdraw')}
          </Button>
        ),
    },
  ]
}
