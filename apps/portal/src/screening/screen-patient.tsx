'use client'
import { Banner } from '@facetgrade/ui/banner'
import { buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import { LookForm } from './look-form.tsx'
import { Looks } from './looks.tsx'
import { NumberingCard } from './numbering-card.tsx'

type Detail = Outputs['screening']['show']

/** One patient: what is known, how the levels are numbered, the criteria, and every look that was signed. */
export function ScreenPatient({ studyCode, patientId }: { studyCode: string; patientId: string }) {
  const t = useTranslations('screening')
  const detail = useQuery(useTRPC().screening.show.queryOptions({ studyCode, patientId }))
  return (
    <Loaded query={detail}>
      {(shown) => (
        <>
          <PageHeader
            title={t('patientTitle', { number: shown.patient.enrolmentNumber, code: shown.patient.patientCode })}
            lead={shown.next === null ? t('nothingNext') : t('nextIs', { step: t(`steps.${shown.next}`) })}
            actions={
              <Link prefetch={false} className={buttonClass()} href={`/studies/${studyCode}/screening`}>
                {t('backToList')}
              </Link>
            }
          />
          <Parts studyCode={studyCode} patientId={patientId} shown={shown} />
        </>
      )}
    </Loaded>
  )
}

function Parts({ studyCode, patientId, shown }: { studyCode: string; patientId: string; shown: Detail }) {
  const t = useTranslations('screening')
  const isCoordinator = useHasRole('coordinator')
  const isInvestigator = useHasRole('investigator')
  const isWithdrawn = shown.patient.withdrawnAt !== null
  const awaitsSecond = shown.standing === 'second_look_missing' || shown.standing === 'disagreement'
  const lastFirst = shown.looks.findLast(({ look }) => look === 'first')
  const isOpen = !isWithdrawn && !shown.isFinal
  const mayLook =
    isOpen && isInvestigator && awaitsSecond && lastFirst?.isMine !== true
      ? ('second' as const)
      : isOpen && isCoordinator
        ? ('first' as const)
        : undefined
  return (
    <Stack gap="l">
      {isWithdrawn && <Banner tone="warning">{t('isWithdrawn')}</Banner>}
      {!isWithdrawn && shown.isFinal && <Banner>{t('isFinal')}</Banner>}
      {shown.standing === 'disagreement' && <Banner tone="warning">{t('disagreementText')}</Banner>}
      <PatientFacts shown={shown} />
      {(isCoordinator || isInvestigator) && (
        <NumberingCard studyCode={studyCode} patientId={patientId} isCoordinator={isCoordinator} />
      )}
      {mayLook && (
        <LookForm
          // A look that someone else signed meanwhile starts the form anew.
          key={`${mayLook} ${shown.looks.at(-1)?.lookId ?? ''} ${shown.protocolVersion}`}
          look={mayLook}
          studyCode={studyCode}
          patientId={patientId}
          shown={shown}
        />
      )}
      <Looks shown={shown} />
    </Stack>
  )
}

function PatientFacts({ shown: { patient, standing } }: { shown: Detail }) {
  const t = useTranslations('screening')
  const imaged = patient.imagedInPeriod
  return (
    <Card title={t('known')}>
      <DefinitionList
        items={[
          {
            id: 'standing',
            name: t('standing'),
            value: <span data-testid="screening-standing">{t(`standings.${standing}`)}</span>,
          },
          { id: 'sex', name: t('sex'), value: patient.sex ?? '–' },
          { id: 'age', name: t('age'), value: patient.ageYears ?? '–' },
          { id: 'site', name: t('site'), value: patient.site ?? '–' },
          { id: 'imaged', name: t('imagedInPeriod'), value: imaged === null ? '–' : t(imaged ? 'yes' : 'no') },
          ...Object.entries(patient.clinical).map(([id, value]) => ({ id: `c-${id}`, name: id, value })),
          ...patient.exams.map((exam) => ({
            id: exam.examId,
            name: t(`modalities.${exam.modality}`),
            value: t('examSeries', {
              series: exam.series.length,
              gradable: exam.series.filter(({ gradable }) => gradable).length,
            }),
          })),
        ]}
      />
    </Card>
  )
}
