'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { SelectField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useRefusalText } from '../../shell/refusal.ts'
import type { Inputs, Outputs } from '../../shell/trpc.ts'
import { FramePicture } from './frame-picture.tsx'
import styles from './xray-side-form.module.css'

type Image = Outputs['xraySides']['list']['rows'][number]
type Side = Inputs['xraySides']['confirm']['side']
type View = Side['view']
type Edge = 'left-edge' | 'right-edge'

const VIEWS = ['ap', 'pa', 'lateral', 'oblique'] as const satisfies readonly View[]
const EDGES = ['left-edge', 'right-edge'] as const
const SIDES = ['left', 'right'] as const

/** One image with its own marker in sight; the proposal is filled in, and nothing counts before the confirmation. */
export function XraySideForm({
  studyCode,
  image,
  onConfirm,
}: {
  studyCode: string
  image: Image
  onConfirm: (side: Side) => Promise<void>
}) {
  const t = useTranslations('xraySides')
  const refusalText = useRefusalText()
  const start = image.side ?? image.proposal
  const [view, setView] = useState<View | ''>(start.view ?? '')
  const [edge, setEdge] = useState<Edge | ''>(start.patientRight === 'none' ? '' : (start.patientRight ?? ''))
  const [joints, setJoints] = useState<'left' | 'right' | ''>(start.shownJoints ?? '')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const side = sideOf(view, edge, joints)
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    if (!side) return setProblem(t('incomplete'))
    setIsBusy(true)
    setProblem(undefined)
    try {
      await onConfirm(side)
    } catch (error) {
      setProblem(refusalText(error))
    } finally {
      setIsBusy(false)
    }
  }
  const hasEdge = view !== 'lateral' && view !== ''
  return (
    <Card title={t('imageOf', { number: image.enrolmentNumber, code: image.patientCode })}>
      <form className={styles['form']} data-testid="xray-side" onSubmit={(event) => void confirm(event)}>
        <div className={styles['picture']}>
          <FramePicture
            url={`/api/exams/instances/${image.instanceId}/frames/0?study=${studyCode}`}
            alt={t('pictureAlt')}
          />
          {hasEdge && edge !== '' && (
            <>
              <strong className={styles['leftMark']}>{edge === 'left-edge' ? 'R' : 'L'}</strong>
              <strong className={styles['rightMark']}>{edge === 'left-edge' ? 'L' : 'R'}</strong>
            </>
          )}
        </div>
        <div>
          <p>{image.side ? t('confirmedBefore') : t(`source.${image.proposal.source}`)}</p>
          <SelectField
            label={t('view')}
            value={view}
            placeholder={t('choose')}
            options={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
            onChange={(event) => setView(VIEWS.find((one) => one === event.target.value) ?? '')}
          />
          {hasEdge && (
            <SelectField
              label={t('patientRight')}
              hint={t('patientRightHint')}
              value={edge}
              placeholder={t('choose')}
              options={EDGES.map((value) => ({ value, label: t(`edges.${value}`) }))}
              onChange={(event) => setEdge(EDGES.find((one) => one === event.target.value) ?? '')}
            />
          )}
          {view === 'oblique' && (
            <SelectField
              label={t('shownJoints')}
              value={joints}
              placeholder={t('choose')}
              options={SIDES.map((value) => ({ value, label: t(`joints.${value}`) }))}
              onChange={(event) => setJoints(SIDES.find((one) => one === event.target.value) ?? '')}
            />
          )}
          {problem && <p role="alert">{problem}</p>}
          <Button variant="primary" type="submit" isBusy={isBusy}>
            {t('confirm')}
          </Button>
        </div>
      </form>
    </Card>
  )
}

function sideOf(view: View | '', edge: Edge | '', joints: 'left' | 'right' | ''): Side | undefined {
  if (view === '') return undefined
  if (view === 'lateral') return { view, patientRight: 'none', shownJoints: null }
  if (edge === '') return undefined
  if (view !== 'oblique') return { view, patientRight: edge, shownJoints: null }
  return joints === '' ? undefined : { view, patientRight: edge, shownJoints: joints }
}
