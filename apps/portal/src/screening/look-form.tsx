'use client'
import { type CriterionAnswer, eligibility } from '@facetgrade/grading/eligibility'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { RadioField, TextAreaField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { useToast } from '@facetgrade/ui/toast'
import { useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Proof, ProofDialog } from '../account/proof-dialog.tsx'
import { textLanguage } from '../shell/locale.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import styles from './screening.module.css'

type Detail = Outputs['screening']['show']
type Answers = Readonly<Record<string, CriterionAnswer>>
const ANSWERS = ['yes', 'no', 'unknown'] as const satisfies readonly CriterionAnswer[]

/** Where a form starts, the second look too: from the data alone, so that it is a look and not a copy. */
const proposals = ({ criteria }: Detail): Answers =>
  Object.fromEntries(criteria.flatMap(({ code, proposed }) => (proposed === null ? [] : [[code, proposed]])))

/** The criteria, each a row of native radios; the decision follows from the answers and is signed. */
export function LookForm({
  look,
  studyCode,
  patientId,
  shown,
}: {
  look: 'first' | 'second'
  studyCode: string
  patientId: string
  shown: Detail
}) {
  const t = useTranslations('screening')
  const language = textLanguage(useLocale())
  const client = useTRPCClient()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const toast = useToast()
  const [answers, setAnswers] = useState<Answers>(() => proposals(shown))
  const [note, setNote] = useState('')
  const [isSigning, setIsSigning] = useState(false)
  const found = eligibility({ eligibility: { criteria: [...shown.criteria], secondLook: true } }, answers)
  const outcome =
    found.kind === 'undecided'
      ? t('outcome.undecided', { count: found.open.length, codes: found.open.join(', ') })
      : found.kind === 'excluded'
        ? t('outcome.excluded', { codes: found.codes.join(', ') })
        : t('outcome.eligible')
  const sign = async (proof: Proof) => {
    if (found.kind === 'undecided') return
    const signed = {
      studyCode,
      patientId,
      answers,
      decision: found.kind,
      note: note.trim() === '' ? null : note.trim(),
      protocolVersion: shown.protocolVersion,
      seenLookId: shown.looks.at(-1)?.lookId ?? null,
      proof,
    }
    await (look === 'first' ? client.screening.firstLook.mutate(signed) : client.screening.secondLook.mutate(signed))
    toast(t('signed'), 'good')
    await queryClient.invalidateQueries(trpc.screening.pathFilter())
  }
  return (
    <Card title={t(look === 'first' ? 'firstLook' : 'secondLook')}>
      <form
        data-testid="look-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (found.kind !== 'undecided') setIsSigning(true)
        }}
      >
        <Stack>
          <p className={styles['quiet']}>{t(look === 'first' ? 'firstLookText' : 'secondLookText')}</p>
          {shown.criteria.map((criterion) => (
            <div key={criterion.code} className={styles['criterion']} data-testid={`criterion-${criterion.code}`}>
              <RadioField
                label={`${criterion.code} · ${t(`kinds.${criterion.kind}`)}: ${criterion.text[language]}`}
                {...(criterion.proposed === null || criterion.proposed === 'unknown'
                  ? {}
                  : { hint: t('proposed', { answer: t(criterion.proposed) }) })}
                value={answers[criterion.code]}
                options={ANSWERS.map((value) => ({ value, label: t(value) }))}
                onValueChange={(value) => {
                  const answer = ANSWERS.find((one) => one === value)
                  if (answer) setAnswers((before) => ({ ...before, [criterion.code]: answer }))
                }}
              />
            </div>
          ))}
          <TextAreaField
            label={t('note')}
            rows={2}
            maxLength={1000}
            value={note}
            onChange={(e) => setNote(e.target.value)}
          />
          <output data-testid="look-outcome">
            <strong>{outcome}</strong>
          </output>
          <Button type="submit" variant="primary" disabled={found.kind === 'undecided'}>
            {t('sign')}
          </Button>
        </Stack>
      </form>
      <ProofDialog
        isOpen={isSigning}
        onOpenChange={setIsSigning}
        title={t('sign')}
        description={outcome}
        confirmLabel={t('sign')}
        onProof={sign}
      >
        <p>{t('statement')}</p>
      </ProofDialog>
    </Card>
  )
}
