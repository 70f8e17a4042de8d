'use client'
import { type CellAnswer, cellText } from '@facetgrade/grading/cell'
import type { GradeEntry } from '@facetgrade/grading/grade-event'
import type { Protocol } from '@facetgrade/grading/protocol'
import { foldEvents } from '@facetgrade/grading/reading-cells'
import { Banner } from '@facetgrade/ui/banner'
import { Button, buttonClass } from '@facetgrade/ui/button'
import { LiveRegion } from '@facetgrade/ui/live-region'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { KindMark } from '../../shell/kind-mark.tsx'
import { textLanguage } from '../../shell/locale.ts'
import { useRefusalText } from '../../shell/refusal.ts'
import { type Outputs, useTRPCClient } from '../../shell/trpc.ts'
import { CellGrid } from '../grading/cell-grid.tsx'
import { ConflictDialog } from '../grading/conflict-dialog.tsx'
import { DefinitionPanel } from '../grading/definition-panel.tsx'
import type { SessionState } from '../grading/grading-session.ts'
import { advanced, moved, type Place } from '../grading/grid-moves.ts'
import { levelName } from '../grading/level-name.ts'
import { NotAssessableDialog } from '../grading/not-assessable-dialog.tsx'
import { cellAt, readingForm } from '../grading/reading-form.ts'
import { useGradingSession } from '../grading/use-grading-session.ts'
import styles from './case-page.module.css'
import { HelpDialog } from './help-dialog.tsx'
import type { ImageControls } from './image-pane.tsx'
import { ReturnDialog } from './return-dialog.tsx'
import { SignDialog } from './sign-dialog.tsx'
import { useNextCase } from './use-next-case.ts'

const ImagePane = dynamic(() => import('./image-pane.tsx'), { ssr: false })

type Props = {
  studyCode: string
  shown: Outputs['cases']['open']
  reading: Outputs['readings']['show']
  protocol: Protocol
  onChanged: () => void
}
type OpenDialog = 'none' | 'not_assessable' | 'help' | 'sign' | 'return'

const FIRST: Place = { row: 0, column: 0 }
const NOTHING_SAVED: SessionState['saves'] = new Map()

/** One case: images on the left, the grid and what its grades mean on the right. Everything has a key. */
export function CasePage({ studyCode, shown, reading, protocol, onChanged }: Props) {
  const t = useTranslations('reading')
  const language = textLanguage(useLocale())
  const refusalText = useRefusalText()
  const client = useTRPCClient()
  const { assignmentId, modality, levels } = shown
  const form = useMemo(() => readingForm(protocol, modality, levels), [protocol, modality, levels])
  const size = { rows: form.joints.length, columns: form.features.length }
  const grading = useGradingSession({ studyCode, assignmentId }, reading)
  const isReadOnly = reading.state !== 'draft'
  const stored = useMemo(() => foldEvents(reading.events), [reading.events])
  const savedCells = useMemo(
    () => new Map(reading.events.map(({ cell }) => [cellText(cell), 'saved' as const])),
    [reading.events],
  )
  const answers: SessionState['answers'] = grading?.state.answers ?? stored
  const saves = grading?.state.saves ?? (isReadOnly ? savedCells : NOTHING_SAVED)
  const [chosen, setPlace] = useState<Place>()
  // Until the reader moves: the first cell without an answer, those of the local queue counted.
  const place = chosen ?? firstOpen(form, answers) ?? FIRST
  const [dialog, setDialog] = useState<OpenDialog>('none')
  const [said, setSaid] = useState('')
  const images = useRef<ImageControls>(null)
  const { href: nextHref, prefetch, invalidate, goToWorklist } = useNextCase({ studyCode, position: shown.position })
  const takeControls = useCallback((controls: ImageControls) => {
    images.current = controls
  }, [])

  const cells = form.joints.flatMap((_, row) => form.features.map((__, column) => ({ row, column })))
  const answeredCount = cells.filter((at) => hasAnswer(form, answers, at)).length
  const cell = cellAt(form, place)
  const question = form.features[place.column]
  const joint = form.joints[place.row]
  const answer: CellAnswer | undefined = cell && answers.get(cellText(cell))

  const enter = (value: GradeEntry['value']) => {
    if (!cell || isReadOnly || !grading) return
    void grading.session.enter(cell, value)
    setPlace(advanced(place, size))
  }
  const undo = async () => {
    const undone = await grading?.session.undo()
    if (!undone) return setSaid(t('nothingToUndo'))
    const back = cells.find((at) => {
      const found = cellAt(form, at)
      return found && cellText(found) === cellText(undone)
    })
    if (back) setPlace(back)
  }
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const grade = /^[0-9]$/.test(event.key) ? Number(event.key) : undefined
    const to = moved(place, event.key, size)
    const key = event.key.toLowerCase()
    const acts: Record<string, () => void> = {
      n: () => !isReadOnly && setDialog('not_assessable'),
      u: () => void undo(),
      w: () => images.current?.nextWindow(),
      i: () => images.current?.invert(),
      z: () => images.current?.reset(),
      v: () => images.current?.nextViewport(),
      pageup: () => images.current?.scroll(-1),
      pagedown: () => images.current?.scroll(1),
      '?': () => setDialog('help'),
    }
    if (grade !== undefined && question && grade < question.scale.length) enter({ kind: 'graded', grade })
    else if (to) setPlace(to)
    else if (acts[key]) acts[key]()
    else return
    event.preventDefault()
  }
  const pressed = useRef(press)
  useEffect(() => {
    pressed.current = press
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => pressed.current(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  useLeaveWarning((grading?.state.pending ?? 0) > 0)

  const firstImage = useCallback(() => {
    // When it cannot be noted now, the next opening of the case notes it.
    client.cases.imageShown.mutate({ studyCode, assignmentId }).catch(() => undefined)
    prefetch()
  }, [client, studyCode, assignmentId, prefetch])

  return (
    <main id="main" className={styles['page']} data-testid="case-page">
      <header className={styles['bar']}>
        <Link className={buttonClass('quiet', 'small')} href={`/studies/${studyCode}/reading`}>
          {t('toWorklist')}
        </Link>
        <h1 className={styles['heading']}>
          {t('caseTitle', { number: shown.position, modality: t(`modality.${modality}`) })}
        </h1>
        <NumberingNote numbering={shown.numbering} />
        <KindMark />
        <span className={styles['spacer']} />
        <SaveSummary state={grading?.state} answered={answeredCount} required={cells.length} isReadOnly={isReadOnly} />
        <Button size="small" onClick={() => setDialog('help')}>
          {t('help')}
        </Button>
        {!isReadOnly && (
          <Button size="small" onClick={() => setDialog('return')}>
            {t('returnCase')}
          </Button>
        )}
        {reading.state === 'signed' ? (
          nextHref && (
            <Link className={buttonClass('primary', 'small')} href={nextHref}>
              {t('nextCase')}
            </Link>
          )
        ) : (
          <Button size="small" variant="primary" disabled={isReadOnly || !grading} onClick={() => setDialog('sign')}>
            {t('sign')}
          </Button>
        )}
      </header>
      {grading && !grading.state.isOnline && (
        <Banner tone="warning">{t('offline', { count: grading.state.pending })}</Banner>
      )}
      {grading && grading.state.refused !== null && (
        <Banner
          tone="danger"
          action={
            <Button size="small" onClick={onChanged}>
              {t('reload')}
            </Button>
          }
        >
          {refusalText(grading.state.refused)}
        </Banner>
      )}
      {reading.state === 'signed' && <Banner tone="neutral">{t('signedReadOnly')}</Banner>}
      <div className={styles['body']}>
        <ImagePane
          studyCode={studyCode}
          shown={shown}
          protocol={protocol}
          onControls={takeControls}
          onFirstImage={firstImage}
        />
        <aside className={styles['side']} aria-label={t('grades')}>
          <CellGrid
            form={form}
            answers={answers}
            saves={saves}
            place={place}
            onPlace={setPlace}
            isReadOnly={isReadOnly}
          />
          {question && joint && (
            <DefinitionPanel
              joint={joint}
              question={question}
              answer={answer}
              isReadOnly={isReadOnly || !grading}
              onGrade={(grade) => enter({ kind: 'graded', grade })}
              onNotAssessable={() => setDialog('not_assessable')}
            />
          )}
        </aside>
      </div>
      <LiveRegion text={said} />
      {joint && question && (
        <NotAssessableDialog
          isOpen={dialog === 'not_assessable'}
          cellName={`${levelName(joint.level)} ${t(`side.${joint.side}`)} · ${question.label[language]}`}
          onClose={() => setDialog('none')}
          onReason={(reason) => enter({ kind: 'not_assessable', reason })}
        />
      )}
      <HelpDialog isOpen={dialog === 'help'} onClose={() => setDialog('none')} />
      {grading && (
        <>
          <ConflictDialog
            form={form}
            conflict={grading.state.conflict}
            onChoose={(choice) => void grading.session.resolve(choice)}
          />
          <SignDialog
            isOpen={dialog === 'sign'}
            onClose={() => setDialog('none')}
            form={form}
            state={grading.state}
            statement={reading.statement[language]}
            onGoTo={(to) => {
              setDialog('none')
              setPlace(to)
            }}
            onSign={async (head, proof) => {
              await client.readings.sign.mutate({ studyCode, assignmentId, head, language, proof })
              invalidate()
              onChanged()
            }}
          />
        </>
      )}
      <ReturnDialog
        isOpen={dialog === 'return'}
        onClose={() => setDialog('none')}
        onReturn={async (reason, note) => {
          await client.assignments.return.mutate({ studyCode, assignmentId, reason, note })
          invalidate()
          goToWorklist()
        }}
      />
    </main>
  )
}

const hasAnswer = (form: ReturnType<typeof readingForm>, answers: SessionState['answers'], at: Place): boolean => {
  const cell = cellAt(form, at)
  return cell !== undefined && answers.has(cellText(cell))
}

function firstOpen(form: ReturnType<typeof readingForm>, answers: SessionState['answers']): Place | undefined {
  for (const row of form.joints.keys()) {
    for (const column of form.features.keys()) {
      if (!hasAnswer(form, answers, { row, column })) return { row, column }
    }
  }
  return undefined
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea, [role="dialog"]') !== null

/** A tab that is closed while something is unsent asks first; the local queue keeps it either way. */
function useLeaveWarning(isUnsent: boolean): void {
  useEffect(() => {
    if (!isUnsent) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isUnsent])
}

function NumberingNote({ numbering }: { numbering: Props['shown']['numbering'] }) {
  const t = useTranslations('reading')
  if (numbering.lumbarVertebrae === 'five' && !numbering.isTransitional) return null
  return <strong className={styles['numbering']}>{t(`numbering.${numbering.lumbarVertebrae}`)}</strong>
}

function SaveSummary({
  state,
  answered,
  required,
  isReadOnly,
}: {
  state: SessionState | undefined
  answered: number
  required: number
  isReadOnly: boolean
}) {
  const t = useTranslations('reading')
  const unsent = state?.pending ?? 0
  return (
    <span className={styles['summary']} data-testid="save-summary" data-pending={unsent} data-answered={answered}>
      {t('answered', { answered, required })}
      {' · '}
      {isReadOnly ? t('readOnly') : unsent === 0 ? t('allSaved') : t('unsent', { count: unsent })}
    </span>
  )
}
