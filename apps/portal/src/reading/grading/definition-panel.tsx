'use client'
import type { CellAnswer } from '@facetgrade/grading/cell'
import type { Joint } from '@facetgrade/grading/joint'
import { Button } from '@facetgrade/ui/button'
import { classNames } from '@facetgrade/ui/class-names'
import { KeyboardHint } from '@facetgrade/ui/keyboard-hint'
import { useLocale, useTranslations } from 'next-intl'
import { textLanguage } from '../../shell/locale.ts'
import styles from './definition-panel.module.css'
import { levelName } from './level-name.ts'
import type { FormFeature } from './reading-form.ts'

type Props = {
  joint: Joint
  question: FormFeature
  answer: CellAnswer | undefined
  isReadOnly: boolean
  onGrade: (grade: number) => void
  onNotAssessable: () => void
}

/** What each grade of this feature means in this modality, beside the images; a click grades as the key does. */
export function DefinitionPanel({ joint, question, answer, isReadOnly, onGrade, onNotAssessable }: Props) {
  const t = useTranslations('reading')
  const language = textLanguage(useLocale())
  const chosen = answer?.kind === 'graded' ? answer.grade : undefined
  return (
    <section className={styles['panel']} aria-labelledby="definition-title">
      <h2 id="definition-title" className={styles['title']}>
        {levelName(joint.level)} {t(`side.${joint.side}`)} · {question.label[language]}
      </h2>
      <ol className={styles['scale']} start={0}>
        {question.scale.map((level, grade) => (
          <li key={level.label.en}>
            <button
              type="button"
              className={classNames(styles['grade'], chosen === grade && styles['chosen'])}
              aria-pressed={chosen === grade}
              disabled={isReadOnly}
              onClick={() => onGrade(grade)}
            >
              <kbd className={styles['key']}>{grade}</kbd>
              <span>
                <strong>{level.label[language]}</strong> {level.definition[language]}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <div className={styles['foot']}>
        <Button size="small" disabled={isReadOnly} onClick={onNotAssessable}>
          <KeyboardHint keys={['N']}>{t('notAssessable')}</KeyboardHint>
        </Button>
        {answer?.kind === 'not_assessable' && (
          <span>
            {t(`reason.${answer.reason.code}`)}
            {answer.reason.code === 'other' && `: ${answer.reason.text}`}
          </span>
        )}
      </div>
      <p className={styles['guidance']}>{question.guidance[language]}</p>
    </section>
  )
}
