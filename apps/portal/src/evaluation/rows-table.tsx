'use client'
import type { EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { FigureSource } from '@facetgrade/report/figures/figure-source'
import { isDifference, resultText } from '@facetgrade/report/words/result-text'
import { Table } from '@facetgrade/ui/table'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import styles from './results.module.css'

const ROWS_A_PAGE = 60

/** Results one under another: never a number without interval, n, patients and missing; what is null says why. */
export function RowsTable({
  source,
  rows,
  caption,
}: {
  source: FigureSource
  rows: readonly EvaluationRow[]
  caption: string
}) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  const [shown, setShown] = useState(ROWS_A_PAGE)
  const { words } = source.labels
  const textOf = (row: EvaluationRow) => resultText(words, row.metric, row.result, isDifference(row.analysis))
  const level = format.number(source.document.level, { style: 'percent' })
  return (
    <Table
      caption={caption}
      rows={rows.slice(0, shown)}
      rowKey={({ id }) => id}
      empty={<p>{t('noRows')}</p>}
      more={
        rows.length > shown
          ? {
              label: t('moreRows', { count: rows.length - shown }),
              isLoading: false,
              onMore: () => setShown(shown + ROWS_A_PAGE),
            }
          : undefined
      }
      columns={[
        { id: 'what', header: t('result'), isRowHeader: true, cell: (row) => <What source={source} row={row} /> },
        {
          id: 'estimate',
          header: words.column.estimate,
          isNumeric: true,
          cell: (row) => <Estimate source={source} row={row} />,
        },
        {
          id: 'interval',
          header: `${words.column.interval}, ${level}`,
          isNumeric: true,
          cell: (row) => <span className={styles['interval']}>{textOf(row).interval}</span>,
        },
        { id: 'p', header: words.column.p, isNumeric: true, cell: (row) => textOf(row).p },
        { id: 'adjusted', header: words.column.pAdjusted, isNumeric: true, cell: (row) => textOf(row).pAdjusted },
        { id: 'n', header: words.column.n, isNumeric: true, cell: (row) => words.units[row.result.unit](row.result.n) },
        { id: 'patients', header: words.column.patients, isNumeric: true, cell: (row) => textOf(row).patients },
        {
          id: 'missing',
          header: words.column.missing,
          isNumeric: true,
          cell: (row) => <Missing source={source} row={row} />,
        },
        { id: 'method', header: words.column.method, cell: (row) => <Method source={source} row={row} /> },
      ]}
    />
  )
}

type Shown = { source: FigureSource; row: EvaluationRow }

function What({ source: { labels }, row }: Shown) {
  const { words } = labels
  const details = [
    row.feature === null
      ? labels.modality(row.modality)
      : `${labels.modality(row.modality)}, ${labels.feature(row.feature)}`,
    ...(row.referenceModality === null || row.referenceModality === row.modality
      ? []
      : [words.againstModality(labels.modality(row.referenceModality))]),
    ...(row.cutGrade === null ? [] : [words.gradeAtLeast(row.cutGrade)]),
    ...(row.grade === null ? [] : [words.grade(row.grade)]),
    ...(row.score === null ? [] : [words.score[row.score]]),
    ...(row.subgroup === null ? [] : [`${words.subgroupBy[row.subgroup.by]}: ${labels.subgroup(row.subgroup)}`]),
    ...(row.missingRule === null ? [] : [words.missingRule[row.missingRule]]),
    ...(row.hypothesis === null ? [] : [words.hypothesisKind[row.hypothesis.kind]]),
    ...(row.analysis === 'model_vs_panel' || row.analysis === 'aided_vs_unaided'
      ? [words.target[row.result.target]]
      : []),
  ]
  return (
    <>
      {labels.rater(row.comparator)}
      {row.against !== null && row.against !== 'reference' && ` − ${labels.rater(row.against)}`}:{' '}
      {words.metric[row.metric]}
      <span className={styles['small']}>{details.join('; ')}</span>
    </>
  )
}

function Estimate({ source: { labels }, row }: Shown) {
  const { words } = labels
  const { estimate, notes } = resultText(words, row.metric, row.result, isDifference(row.analysis))
  return (
    <span data-testid={row.id}>
      {row.result.estimate === null ? <em>{estimate}</em> : estimate}
      {notes.map((note) => (
        <span key={note} className={styles['small']}>
          {note}
        </span>
      ))}
    </span>
  )
}

function Missing({ source: { labels }, row }: Shown) {
  const format = useFormatter()
  const { words } = labels
  const kinds = ['raterNotAssessable', 'raterNotGraded', 'referenceNotAssessable', 'referenceNotGraded'] as const
  return (
    <>
      {format.number(row.result.nMissing)}
      {kinds
        .filter((kind) => row.result.missing[kind] > 0)
        .map((kind) => (
          <span key={kind} className={styles['small']}>
            {row.result.missing[kind]} {words.missing[kind]}
          </span>
        ))}
    </>
  )
}

function Method({ source: { labels }, row }: Shown) {
  const { df, method, seed } = row.result
  return (
    <>
      <code>{method}</code>
      {(df !== null || seed !== null) && (
        <span className={styles['small']}>
          {df !== null && `${labels.words.column.df} ${Math.round(df * 10) / 10}`}
          {seed !== null && ` seed ${seed}`}
        </span>
      )}
    </>
  )
}
