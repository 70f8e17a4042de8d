'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { CheckboxField, TextField } from '@facetgrade/ui/field'
import { Row, Stack } from '@facetgrade/ui/stack'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'

type Part = 'train' | 'validation' | 'test'
const PATIENT_CODE = /^P[0-9A-HJKMNP-TV-Z]{10}$/

/** What the run would take is shown before it is ordered; a refusal is shown where it would be met. */
export function OrderCard({ studyCode, modelId }: { studyCode: string; modelId: string }) {
  const t = useTranslations('models')
  const refusalText = useRefusalText()
  const router = useRouter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const isInvestigator = useHasRole('investigator')
  const [parts, setParts] = useState<readonly Part[]>(['validation'])
  const [patient, setPatient] = useState('')
  const patientCode = patient.trim().toUpperCase()
  const order = { studyCode, modelId, parts: [...parts], ...(patientCode === '' ? {} : { patientCode }) }
  const isComplete = patientCode === '' ? parts.length > 0 : PATIENT_CODE.test(patientCode)
  const plan = useQuery(trpc.models.planRun.queryOptions(order, { enabled: isComplete, retry: false }))
  const run = useMutation(
    trpc.models.run.mutationOptions({
      onSuccess: ({ runId }) => {
        void queryClient.invalidateQueries(trpc.models.runs.pathFilter())
        router.push(`/studies/${studyCode}/models/runs/${runId}`)
      },
    }),
  )
  const choices: readonly Part[] = isInvestigator ? ['train', 'validation', 'test'] : ['train', 'validation']
  const refusal = run.error ?? plan.error
  return (
    <Card title={t('order')}>
      <Stack>
        <p>{t('orderLead')}</p>
        <fieldset disabled={patientCode !== ''}>
          <legend>{t('orderParts')}</legend>
          <Row gap="l">
            {choices.map((part) => (
              <CheckboxField
                key={part}
                label={t(`seenParts.${part}`)}
                checked={parts.includes(part)}
                onChange={(event) =>
                  setParts(event.target.checked ? [...parts, part] : parts.filter((other) => other !== part))
                }
              />
            ))}
          </Row>
        </fieldset>
        {isInvestigator && parts.includes('test') && <p>{t('orderTest')}</p>}
        <TextField
          label={t('orderPatient')}
          hint={t('orderPatientHint')}
          value={patient}
          maxLength={11}
          autoComplete="off"
          onChange={(event) => setPatient(event.target.value)}
        />
        {isComplete && refusal && <Banner tone="warning">{refusalText(refusal)}</Banner>}
        {isComplete && plan.data && !plan.error && <PlanText plan={plan.data} />}
        <div>
          <Button
            variant="primary"
            disabled={!isComplete || !plan.data || plan.isError || plan.data.exams === 0}
            isBusy={run.isPending}
            onClick={() => run.mutate(order)}
          >
            {t('start')}
          </Button>
        </div>
      </Stack>
    </Card>
  )
}

function PlanText({ plan }: { plan: Outputs['models']['planRun'] }) {
  const t = useTranslations('models')
  const { exams, patients, withoutPoints, withoutNumbering } = plan
  return (
    <output>
      <Stack gap="s">
        <p>{t('orderPlan', { exams, patients })}</p>
        {withoutPoints > 0 && <p>{t('orderWithoutPoints', { exams: withoutPoints })}</p>}
        {withoutNumbering > 0 && <p>{t('orderWithoutNumbering', { patients: withoutNumbering })}</p>}
      </Stack>
    </output>
  )
}
