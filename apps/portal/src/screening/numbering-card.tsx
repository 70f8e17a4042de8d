'use client'
import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { CheckboxField, RadioField, SelectField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { levelName } from '../reading/grading/level-name.ts'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import { NumberingViewer } from './numbering-viewer.tsx'
import styles from './screening.module.css'

type Detail = Outputs['numbering']['show']
const COUNTS = ['five', 'six', 'four'] as const satisfies readonly LevelNumbering['lumbarVertebrae'][]
const VIEWS = ['sagittal', 'anteroposterior', 'whole_spine'] as const satisfies readonly LevelNumbering['confirmedOn'][]

/** How this patient's levels are numbered, settled on the images before any case is handed out. */
export function NumberingCard({
  studyCode,
  patientId,
  isCoordinator,
}: {
  studyCode: string
  patientId: string
  isCoordinator: boolean
}) {
  const t = useTranslations('screening')
  const detail = useQuery(useTRPC().numbering.show.queryOptions({ studyCode, patientId }))
  return (
    <Card title={t('numbering')}>
      <Loaded query={detail}>
        {(shown) => (
          <div className={styles['numbering']} data-testid="numbering">
            {!shown.isWithdrawn && <NumberingViewer studyCode={studyCode} views={shown.views} />}
            <Stack>
              <Standing shown={shown} />
              {isCoordinator && !shown.isWithdrawn && (
                <NumberingForm
                  key={shown.versions[0]?.version ?? 0}
                  studyCode={studyCode}
                  patientId={patientId}
                  shown={shown}
                />
              )}
            </Stack>
          </div>
        )}
      </Loaded>
    </Card>
  )
}

function Standing({ shown: { versions } }: { shown: Detail }) {
  const t = useTranslations('screening')
  const format = useFormatter()
  const [latest] = versions
  if (!latest) return <p data-testid="numbering-standing">{t('notNumbered')}</p>
  return (
    <p data-testid="numbering-standing">
      <strong>{t(`vertebrae.${latest.numbering.lumbarVertebrae}`)}</strong>{' '}
      <span className={styles['quiet']}>
        {t('numberedBy', {
          version: latest.version,
          view: t(`views.${latest.numbering.confirmedOn}`),
          name: latest.confirmedByName,
          when: format.dateTime(new Date(latest.confirmedAt), { dateStyle: 'medium', timeStyle: 'short' }),
        })}
      </span>
    </p>
  )
}

function NumberingForm({ studyCode, patientId, shown }: { studyCode: string; patientId: string; shown: Detail }) {
  const t = useTranslations('screening')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const [latest] = shown.versions
  const [lumbarVertebrae, setVertebrae] = useState<LevelNumbering['lumbarVertebrae']>(
    latest?.numbering.lumbarVertebrae ?? 'five',
  )
  const [isTransitional, setTransitional] = useState(latest?.numbering.isTransitional ?? false)
  const [confirmedOn, setConfirmedOn] = useState<LevelNumbering['confirmedOn'] | ''>(
    latest?.numbering.confirmedOn ?? '',
  )
  const [problem, setProblem] = useState<string>()
  const confirm = useMutation(
    trpc.numbering.confirm.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.numbering.pathFilter())
        await queryClient.invalidateQueries(trpc.screening.pathFilter())
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (confirmedOn === '') return setProblem(t('viewMissing'))
    setProblem(undefined)
    confirm.mutate({
      studyCode,
      patientId,
      numbering: { lumbarVertebrae, isTransitional: isTransitional || lumbarVertebrae !== 'five', confirmedOn },
      seenVersion: latest?.version ?? 0,
    })
  }
  return (
    <form onSubmit={submit} data-testid="numbering-form">
      <Stack>
        <RadioField
          label={t('vertebraeLabel')}
          value={lumbarVertebrae}
          options={COUNTS.map((value) => ({
            value,
            label: t(`vertebrae.${value}`),
            hint: shown.levels[value].map(levelName).join(', '),
          }))}
          onValueChange={(value) => setVertebrae(COUNTS.find((one) => one === value) ?? 'five')}
        />
        <CheckboxField
          label={t('transitional')}
          checked={isTransitional || lumbarVertebrae !== 'five'}
          disabled={lumbarVertebrae !== 'five'}
          onChange={(event) => setTransitional(event.target.checked)}
        />
        <SelectField
          label={t('confirmedOn')}
          placeholder={t('choose')}
          value={confirmedOn}
          error={problem}
          options={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
          onChange={({ target }) => setConfirmedOn(VIEWS.find((one) => one === target.value) ?? '')}
        />
        {confirm.isError && <p role="alert">{refusalText(confirm.error)}</p>}
        <Button type="submit" variant="primary" isBusy={confirm.isPending}>
          {latest ? t('confirmAnew') : t('confirm')}
        </Button>
      </Stack>
    </form>
  )
}
