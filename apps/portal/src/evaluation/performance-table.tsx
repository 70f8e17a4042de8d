'use client'
import type { EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { FigureSource } from '@facetgrade/report/figures/figure-source'
import { resultText } from '@facetgrade/report/words/result-text'
import { Table } from '@facetgrade/ui/table'
import { useFormatter, useTranslations } from 'next-intl'
import styles from './results.module.css'

type Line = { readonly id: string; readonly first: EvaluationRow; readonly of: ReadonlyMap<string, EvaluationRow> }

const METRICS = [
  'accuracy',
  'precision',
  'sensitivity',
  'specificity',
  'f1',
  'auc',
  'auc_probability',
  'weighted_kappa',
  'exact_agreement',
  'gwet_ac2',
] as const
const columnOf = (row: EvaluationRow): string =>
  row.metric === 'auc' && row.score === 'probability' ? 'auc_probability' : row.metric

/** A line per feature and comparator, a column per metric: the registered outcomes at a glance. */
export function PerformanceTable({
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
  const { labels } = source
  const { words } = labels
  const lines = linesOf(rows)
  const used = METRICS.filter((metric) => rows.some((row) => columnOf(row) === metric))
  const widest = ({ of, first }: Line): EvaluationRow =>
    [...of.values()].reduce((most, row) => (row.result.n > most.result.n ? row : most), first)
  return (
    <Table
      caption={caption}
      rows={lines}
      rowKey={({ id }) => id}
      empty={<p>{t('noRows')}</p>}
      columns={[
        {
          id: 'what',
          header: t('featureAndComparator'),
          isRowHeader: true,
          cell: ({ first, of }) => {
            const cut = [...of.values()].find((row) => row.cutGrade !== null)?.cutGrade
            return (
              <>
                {first.feature === null ? labels.modality(first.modality) : labels.feature(first.feature)}:{' '}
                {labels.rater(first.comparator)}
                <span className={styles['small']}>
                  {[
                    labels.modality(first.modality),
                    ...(typeof cut === 'number' ? [words.gradeAtLeast(cut)] : []),
                    ...(first.referenceModality === null || first.referenceModality === first.modality
                      ? []
                      : [words.againstModality(labels.modality(first.referenceModality))]),
                  ].join('; ')}
                </span>
              </>
            )
          },
        },
        {
          id: 'n',
          header: `${words.column.n} / ${words.column.patients}`,
          isNumeric: true,
          cell: (line) => (
            <>
              {words.units[widest(line).result.unit](widest(line).result.n)}
              <span className={styles['small']}>{words.units.patient(widest(line).result.clusters)}</span>
              {widest(line).result.flags.includes('few_clusters') && (
                <span className={styles['small']}>{words.flag.few_clusters}</span>
              )}
            </>
          ),
        },
        {
          id: 'missing',
          header: words.column.missing,
          isNumeric: true,
          cell: (line) => format.number(widest(line).result.nMissing),
        },
        ...used.map((metric) => ({
          id: metric,
          header:
            metric === 'auc_probability'
              ? `${words.metric.auc}, ${words.score.probability}`
              : metric === 'auc'
                ? `${words.metric.auc}, ${words.score.grades}`
                : words.metric[metric],
          isNumeric: true,
          cell: (line: Line) => <Cell source={source} row={line.of.get(metric)} all={widest(line)} />,
        })),
      ]}
    />
  )
}

function linesOf(rows: readonly EvaluationRow[]): Line[] {
  return [...Map.groupBy(rows, (row) => `${row.modality}/${row.feature}/${row.comparator}`)].flatMap(
    ([id, group]): Line[] => {
      const [first] = group
      return first ? [{ id, first, of: new Map(group.map((row) => [columnOf(row), row])) }] : []
    },
  )
}

function Cell({
  source: { labels },
  row,
  all,
}: {
  source: FigureSource
  row: EvaluationRow | undefined
  all: EvaluationRow
}) {
  const t = useTranslations('evaluation')
  if (!row) return null
  const text = resultText(labels.words, row.metric, row.result)
  return (
    <span data-testid={`${row.comparator}/${row.modality}/${row.feature}/${columnOf(row)}`}>
      {row.result.estimate === null ? <em>{text.estimate}</em> : text.estimate}{' '}
      <span className={styles['interval']}>{text.interval}</span>
      {text.notes
        .filter((note) => note !== labels.words.flag.few_clusters)
        .map((note) => (
          <span key={note} className={styles['small']}>
            {note}
          </span>
        ))}
      {row.result.n !== all.result.n && (
        <span className={styles['small']}>{t('ofUnits', { n: row.result.n, patients: row.result.clusters })}</span>
      )}
    </span>
  )
}
