'use client'
import { classNames } from '@facetgrade/ui/class-names'
import { useLocale, useTranslations } from 'next-intl'
import { levelName } from '../reading/grading/level-name.ts'
import type { FormFeature } from '../reading/grading/reading-form.ts'
import { textLanguage } from '../shell/locale.ts'
import { useAnswerText } from './answer-text.ts'
import type { OpenedRoom } from './opened-room.ts'
import styles from './room.module.css'

/** The discordant cells, and only they, with what is decided so far. */
export function ItemList({
  room,
  features,
  index,
  onIndex,
}: {
  room: OpenedRoom
  features: readonly FormFeature[]
  index: number
  onIndex: (index: number) => void
}) {
  const t = useTranslations('adjudication')
  const reading = useTranslations('reading')
  const language = textLanguage(useLocale())
  const answerText = useAnswerText()
  return (
    <ol className={styles['items']}>
      {room.items.map(({ itemId, cell, decision }, at) => {
        const question = features.find(({ feature }) => feature === cell.feature)
        return (
          <li key={itemId}>
            <button
              type="button"
              className={classNames(styles['item'], at === index && styles['current'])}
              aria-current={at === index ? 'true' : undefined}
              data-testid="adjudication-item"
              data-cell={`${cell.level}-${cell.side}/${cell.feature}`}
              onClick={() => onIndex(at)}
            >
              <span>
                {levelName(cell.level)} {reading(`side.${cell.side}`)} · {question?.label[language] ?? cell.feature}
              </span>
              <span className={styles['decision']}>
                {decision ? answerText(decision.value, question) : t('undecided')}
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
