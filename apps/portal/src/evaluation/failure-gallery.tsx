'use client'
import type { FigureSource } from '@facetgrade/report/figures/figure-source'
import { percent } from '@facetgrade/report/words/format-number'
import { useTranslations } from 'next-intl'
import { useHasRole } from '../shell/study-frame.tsx'
import { FailurePicture } from './failure-picture.tsx'
import styles from './figure.module.css'

const SHOWN = 12

type Item = FigureSource['document']['gallery'][number]

/** The joints that were answered farthest from the reference, worst first, with their images where the role may see them. */
export function FailureGallery({
  source,
  studyCode,
  evaluationId,
  isShown,
}: {
  source: FigureSource
  studyCode: string
  evaluationId: string
  isShown: (item: Item) => boolean
}) {
  const t = useTranslations('evaluation.failures')
  const mayLook = useHasRole('investigator')
  const { labels, document } = source
  const { words } = labels
  // The index is the item's own place in the document: it is what the image is asked by.
  const items = document.gallery
    .map((item, index) => ({ item, index }))
    .filter(({ item }) => isShown(item))
    .sort((a, b) => Math.abs(b.item.error) - Math.abs(a.item.error))
    .slice(0, SHOWN)
  if (items.length === 0) return <p>{t('none')}</p>
  return (
    <>
      {!mayLook && <p>{t('noImages')}</p>}
      <ul className={styles['gallery']}>
        {items.map(({ item, index }) => {
          const name = `${item.patientCode}, ${labels.modality(item.modality)}, ${labels.level(item.level)} ${labels.side(item.side)}`
          return (
            <li key={index} className={styles['failure']}>
              {mayLook && (
                <FailurePicture
                  studyCode={studyCode}
                  evaluationId={evaluationId}
                  item={index}
                  alt={t('picture', { joint: name })}
                />
              )}
              <p>
                <strong>{labels.feature(item.feature)}</strong>
              </p>
              <p>{name}</p>
              <p>
                {t('answer', {
                  rater: labels.rater(item.comparator),
                  answered: item.answered,
                  reference: item.reference,
                })}
              </p>
              {item.probabilities && (
                <p>
                  {item.probabilities.map((share, grade) => `${words.grade(grade)} ${percent(share, 0)}`).join(', ')}
                </p>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
