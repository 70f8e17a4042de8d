'use client'
import { type CellAnswer, cellText } from '@facetgrade/grading/cell'
import { severity } from '@facetgrade/grading/severity'
import { classNames } from '@facetgrade/ui/class-names'
import { useLocale, useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { textLanguage } from '../../shell/locale.ts'
import styles from './cell-grid.module.css'
import type { SaveState, SessionState } from './grading-session.ts'
import type { Place } from './grid-moves.ts'
import { levelName } from './level-name.ts'
import { cellAt, type ReadingForm } from './reading-form.ts'

type Props = {
  form: ReadingForm
  answers: SessionState['answers']
  saves: SessionState['saves']
  place: Place
  onPlace: (place: Place) => void
  isReadOnly: boolean
}

/** Shapes that differ without colour; the word stands beside them. */
const SHAPE: Record<SaveState, string> = { saved: '✓', saving: '○', waiting: '◌', not_saved: '▲' }

/** The joints of the case by the features asked: one cell is in reach of Tab, arrows lead to the others. */
export function CellGrid({ form, answers, saves, place, onPlace, isReadOnly }: Props) {
  const t = useTranslations('reading')
  const language = textLanguage(useLocale())
  return (
    <div className={styles['frame']}>
      <table
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a table whose cells are reached by arrows is a grid
        role="grid"
        className={styles['grid']}
        aria-label={t('grid')}
        aria-readonly={isReadOnly}
        data-testid="cell-grid"
      >
        <thead>
          <tr>
            <th scope="col">{t('joint')}</th>
            {form.features.map(({ feature, label }, column) => (
              <th key={feature} scope="col" className={classNames(column === place.column && styles['current'])}>
                {label[language]}
              </th>
            ))}
            <th scope="col">{t('severity')}</th>
          </tr>
        </thead>
        <tbody>
          {form.joints.map((joint, row) => (
            <tr key={`${joint.level}-${joint.side}`} className={classNames(styles[joint.side])}>
              <th scope="row" className={classNames(row === place.row && styles['current'])}>
                {levelName(joint.level)} <span className={styles['side']}>{t(`side.${joint.side}`)}</span>
              </th>
              {form.features.map(({ feature, scale, label }, column) => {
                const key = cellText({ ...joint, feature })
                const answer = answers.get(key)
                return (
                  <Cell
                    key={feature}
                    id={key}
                    name={`${levelName(joint.level)} ${t(`side.${joint.side}`)}, ${label[language]}`}
                    answer={answer}
                    meaning={answer?.kind === 'graded' ? scale[answer.grade]?.label[language] : undefined}
                    save={saves.get(key)}
                    isCurrent={row === place.row && column === place.column}
                    onChoose={() => onPlace({ row, column })}
                  />
                )
              })}
              <td className={styles['severity']}>
                <SeverityText form={form} answers={answers} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type CellProps = {
  id: string
  name: string
  answer: CellAnswer | undefined
  meaning: string | undefined
  save: SaveState | undefined
  isCurrent: boolean
  onChoose: () => void
}

function Cell({ id, name, answer, meaning, save, isCurrent, onChoose }: CellProps) {
  const t = useTranslations('reading')
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isCurrent && !document.querySelector('[role="dialog"]')) button.current?.focus({ preventScroll: false })
  }, [isCurrent])
  const value = answer === undefined ? '–' : answer.kind === 'graded' ? String(answer.grade) : t('notAssessableShort')
  const said =
    answer === undefined
      ? t('notGraded')
      : answer.kind === 'graded'
        ? `${value} ${meaning ?? ''}`
        : t(`reason.${answer.reason.code}`)
  const saved = save === undefined ? '' : t(`save.${save}`)
  return (
    <td>
      <button
        ref={button}
        type="button"
        tabIndex={isCurrent ? 0 : -1}
        className={classNames(styles['cell'], isCurrent && styles['current'], save && styles[save])}
        aria-label={[name, said, saved].filter(Boolean).join(': ')}
        aria-current={isCurrent}
        data-cell={id}
        data-value={answer === undefined ? '' : answer.kind === 'graded' ? answer.grade : answer.reason.code}
        data-save={save ?? ''}
        onClick={onChoose}
      >
        <span className={styles['value']}>{value}</span>
        <span className={styles['save']} aria-hidden="true">
          {save === undefined ? ' ' : `${SHAPE[save]} ${saved}`}
        </span>
      </button>
    </td>
  )
}

function SeverityText({ form, answers, row }: { form: ReadingForm; answers: SessionState['answers']; row: number }) {
  const t = useTranslations('reading')
  const values = Object.fromEntries(
    form.features.flatMap(({ feature }, column) => {
      const cell = cellAt(form, { row, column })
      const answer = cell && answers.get(cellText(cell))
      return answer && feature !== 'severity' ? [[feature, answer]] : []
    }),
  )
  const derived = severity(form.protocol, form.modality, values)
  if (derived.kind === 'exact') return <strong>{derived.grade}</strong>
  return <span title={t('severityInterval')}>{`${derived.lowest}–${derived.highest}`}</span>
}
