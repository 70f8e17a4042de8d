'use client'
import { cellText } from '@facetgrade/grading/cell'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { useLocale, useTranslations } from 'next-intl'
import { type Proof, ProofDialog } from '../../account/proof-dialog.tsx'
import { textLanguage } from '../../shell/locale.ts'
import type { Head, SessionState } from '../grading/grading-session.ts'
import type { Place } from '../grading/grid-moves.ts'
import { levelName } from '../grading/level-name.ts'
import { cellAt, type ReadingForm } from '../grading/reading-form.ts'
import styles from './case-page.module.css'

type Props = {
  isOpen: boolean
  onClose: () => void
  form: ReadingForm
  state: SessionState
  statement: string
  onGoTo: (place: Place) => void
  onSign: (head: Head, proof: Proof) => Promise<void>
}

/** Before the signature: what is open, each a click away; what is unsent; then summary, statement and proof. */
export function SignDialog({ isOpen, onClose, form, state, statement, onGoTo, onSign }: Props) {
  const t = useTranslations('reading')
  const shell = useTranslations('shell')
  const language = textLanguage(useLocale())
  const places = form.joints.flatMap((_, row) => form.features.map((__, column) => ({ row, column })))
  const answerAt = (at: Place) => {
    const cell = cellAt(form, at)
    return cell && state.answers.get(cellText(cell))
  }
  const open = places.filter((at) => answerAt(at) === undefined)
  const notAssessable = places.filter((at) => answerAt(at)?.kind === 'not_assessable')
  const { head } = state
  if (open.length > 0 || head === null) {
    return (
      <Dialog
        isOpen={isOpen}
        onOpenChange={(wanted) => !wanted && onClose()}
        title={open.length > 0 ? t('cellsOpen', { count: open.length }) : t('waitForSave', { count: state.pending })}
        closeLabel={shell('close')}
      >
        <div className={styles['openCells']}>
          {open.map((at) => (
            <Button key={`${at.row} ${at.column}`} size="small" onClick={() => onGoTo(at)}>
              {nameOf(form, at, language, t)}
            </Button>
          ))}
        </div>
      </Dialog>
    )
  }
  return (
    <ProofDialog
      isOpen={isOpen}
      onOpenChange={(wanted) => !wanted && onClose()}
      title={t('signTitle')}
      description={statement}
      confirmLabel={t('sign')}
      onProof={(proof) => onSign(head, proof)}
    >
      <p>{t('signSummary', { graded: places.length - notAssessable.length, notAssessable: notAssessable.length })}</p>
    </ProofDialog>
  )
}

function nameOf(
  form: ReadingForm,
  at: Place,
  language: 'en' | 'zh',
  t: ReturnType<typeof useTranslations<'reading'>>,
): string {
  const [joint, question] = [form.joints[at.row], form.features[at.column]]
  return joint && question ? `${levelName(joint.level)} ${t(`side.${joint.side}`)} ${question.label[language]}` : ''
}
