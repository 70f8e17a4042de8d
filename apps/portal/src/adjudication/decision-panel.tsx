'use client'
import { type CellAnswer } from '@facetgrade/grading/cell'
import { classNames } from '@facetgrade/ui/class-names'
import { useLocale, useTranslations } from 'next-intl'
import { levelName } from '../reading/grading/level-name.ts'
import type { FormFeature } from '../reading/grading/reading-form.ts'
import { textLanguage } from '../shell/locale.ts'
import { useAnswerText } from './answer-text.ts'
import type { OpenedRoom } from './opened-room.ts'
import styles from './room.module.css'

type Props = {
  item: OpenedRoom['items'][number]
  question: FormFeature
  isReadOnly: boolean
  mayNotAssess: boolean
  onChoose: (value: CellAnswer) => void
  onNotAssessable: () => void
}

/** One cell: the readers' values as A and B in their stored order, then every other grade, then not assessable. */
export function DecisionPanel({ item, question, isReadOnly, mayNotAssess, onChoose, onNotAssessable }: Props) {
  const t = useTranslations('adjudication')
  const reading = useTranslations('reading')
  const language = textLanguage(useLocale())
  const answerText = useAnswerText()
  const { cell, values, decision } = item
  const isChosen = (value: CellAnswer) => decision !== null && JSON.stringify(decision.value) === JSON.stringify(value)
  return (
    <section className={styles['panel']} aria-labelledby="decision-title">
      <h2 id="decision-title" className={styles['title']}>
        {levelName(cell.level)} {reading(`side.${cell.side}`)} · {question.label[language]}
      </h2>
      <div className={styles['pair']}>
        {values.map((value, at) => {
          const letter = String.fromCodePoint(65 + at)
          return (
            <button
              key={letter}
              type="button"
              className={classNames(styles['value'], isChosen(value) && styles['chosen'])}
              aria-pressed={isChosen(value)}
              disabled={isReadOnly}
              data-testid={`value-${letter}`}
              onClick={() => onChoose(value)}
            >
              <kbd className={styles['letter']}>{letter}</kbd>
              <span>{answerText(value, question)}</span>
            </button>
          )
        })}
      </div>
      <h3 className={styles['subtitle']}>{t('otherGrade')}</h3>
      <ol className={styles['scale']} start={0}>
        {question.scale.map((level, grade) => (
          <li key={level.label.en}>
            <button
              type="button"
              className={classNames(styles['grade'], isChosen({ kind: 'graded', grade }) && styles['chosen'])}
              aria-pressed={isChosen({ kind: 'graded', grade })}
              disabled={isReadOnly}
              onClick={() => onChoose({ kind: 'graded', grade })}
            >
              <kbd className={styles['key']}>{grade}</kbd>
              <span>
                <strong>{level.label[language]}</strong> {level.definition[language]}
              </span>
            </button>
          </li>
        ))}
        {mayNotAssess && (
          <li>
            <button type="button" className={styles['grade']} onClick={onNotAssessable}>
              <kbd className={styles['key']}>N</kbd>
              <span>{reading('notAssessable')}</span>
            </button>
          </li>
        )}
      </ol>
      {decision && (
        <p className={styles['by']} data-testid="decision">
          {t(decision.byMe ? 'decidedByMe' : 'decidedByOther')}: {answerText(decision.value, question)}
        </p>
      )}
    </section>
  )
}
