'use client'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { SelectField } from '@facetgrade/ui/field'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../shell/refusal.ts'
import { type Inputs, useTRPC } from '../shell/trpc.ts'
import type { Patient } from './patient.ts'

type Code = Inputs['patients']['withdraw']['code']
const CODES = [
  'consent_withdrawn',
  'ineligible_after_all',
  'wrong_person',
  'site_request',
  'other',
] as const satisfies readonly Code[]
const isCode = (text: string): text is Code => CODES.some((code) => code === text)

export function WithdrawPatient({
  studyCode,
  patient,
  onClose,
  onDone,
}: {
  studyCode: string
  patient: Patient
  onClose: () => void
  onDone: () => void
}) {
  const t = useTranslations('patients')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const [code, setCode] = useState<Code>('consent_withdrawn')
  const withdraw = useMutation(trpc.patients.withdraw.mutationOptions({ onSuccess: onDone }))
  return (
    <ConfirmWithReason
      isOpen
      onOpenChange={onClose}
      title={t('withdrawNamed', { code: patient.patientCode })}
      description={t('withdrawText')}
      tone="danger"
      words={{
        reason: shell('reason'),
        reasonHint: shell('reasonHint'),
        reasonMissing: shell('reasonMissing'),
        confirm: t('withdraw'),
        cancel: shell('cancel'),
      }}
      isBusy={withdraw.isPending}
      error={withdraw.isError ? refusalText(withdraw.error) : undefined}
      onConfirm={(reason) => withdraw.mutate({ studyCode, patientId: patient.patientId, code, reason })}
    >
      <SelectField
        label={t('withdrawalCode')}
        value={code}
        onChange={({ target }) => {
          if (isCode(target.value)) setCode(target.value)
        }}
        options={CODES.map((value) => ({ value, label: t(`codes.${value}`) }))}
      />
    </ConfirmWithReason>
  )
}
