'use client'
import { featureLabel } from '@facetgrade/grading/codebook'
import type { Protocol } from '@facetgrade/grading/protocol'
import { Stack } from '@facetgrade/ui/stack'
import { Table } from '@facetgrade/ui/table'
import { Tabs } from '@facetgrade/ui/tabs'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import { textLanguage } from '../shell/locale.ts'
import type { Outputs } from '../shell/trpc.ts'
import styles from './results.module.css'

type Results = Outputs['evaluation']['show']['results']
type Row = Results['rows'][number]
type Question = { id: string; first: Row; byMetric: ReadonlyMap<Row['metric'], Row> }

const METRICS = ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1', 'weighted_kappa'] as const
const DIGITS = { minimumFractionDigits: 3, maximumFractionDigits: 3 } as const

/** One tab per comparator; a row per modality and feature; never a number without its interval, n and patients. */
export function ResultsTable({ results, protocol }: { results: Results; protocol: Protocol }) {
  const t = useTranslations('evaluation')
  const language = textLanguage(useLocale())
  const comparators = [...new Set(results.rows.map(({ comparator }) => comparator))]
  const nameOf = (code: string) => {
    const group = protocol.readerGroups.find(({ name }) => name === code)
    return group ? t('consensusOf', { group: group.label[language] }) : code
  }
  return (
    <Stack gap="m">
      <Tabs
        label={t('comparators')}
        tabs={comparators.map((code) => ({
          id: code,
          label: nameOf(code),
          content: (
            <ComparatorTable
              name={nameOf(code)}
              rows={results.rows.filter(({ comparator }) => comparator === code)}
              protocol={protocol}
            />
          ),
        }))}
      />
      <Methods rows={results.rows} />
    </Stack>
  )
}

function ComparatorTable({ name, rows, protocol }: { name: string; rows: readonly Row[]; protocol: Protocol }) {
  const t = useTranslations('evaluation')
  const reading = useTranslations('reading')
  const format = useFormatter()
  const language = textLanguage(useLocale())
  const questions = questionsOf(rows)
  const unread = [...new Set(rows.map(({ modality }) => modality))].filter((modality) =>
    questions.every(({ first }) => first.modality !== modality),
  )
  return (
    <Stack gap="s">
      <Table
        caption={t('tableCaption', { comparator: name })}
        rows={questions}
        rowKey={({ id }) => id}
        empty={<p>{t('noRows')}</p>}
        columns={[
          {
            id: 'feature',
            header: t('feature'),
            isRowHeader: true,
            cell: ({ first }) => (
              <>
                {reading(`modality.${first.modality}`)} · {featureLabel(protocol, first.feature)[language]}
                <Cut first={first} />
              </>
            ),
          },
          {
            id: 'n',
            header: t('joints'),
            isNumeric: true,
            cell: ({ byMetric }) => format.number(byMetric.get('accuracy')?.result.n ?? 0),
          },
          {
            id: 'patients',
            header: t('patients'),
            isNumeric: true,
            cell: ({ byMetric }) => (
              <>
                {format.number(byMetric.get('accuracy')?.result.clusters ?? 0)}
                {byMetric.get('accuracy')?.result.flags.includes('few_clusters') && (
                  <span className={styles['small']}>{t('fewPatients')}</span>
                )}
              </>
            ),
          },
          {
            id: 'missing',
            header: t('missing'),
            isNumeric: true,
            cell: ({ byMetric }) => <Missing row={byMetric.get('accuracy')} />,
          },
          ...METRICS.map((metric) => ({
            id: metric,
            header: t(`metric.${metric}`),
            isNumeric: true,
            cell: ({ byMetric }: Question) => <Estimate row={byMetric.get(metric)} all={byMetric.get('accuracy')} />,
          })),
        ]}
      />
      {unread.map((modality) => (
        <p key={modality} className={styles['small']}>
          {t('noCases', { modality: reading(`modality.${modality}`) })}
        </p>
      ))}
    </Stack>
  )
}

/** A modality without a single cell in the test part is said in a sentence, not in a table of nothing. */
function questionsOf(rows: readonly Row[]): Question[] {
  const groups = Map.groupBy(rows, ({ modality, feature }) => `${modality}/${feature}`)
  return [...groups].flatMap(([id, group]): Question[] => {
    const first = group.find(({ cutGrade }) => cutGrade !== null) ?? group[0]
    return first && first.result.n + first.result.nMissing > 0
      ? [{ id, first, byMetric: new Map(group.map((row) => [row.metric, row])) }]
      : []
  })
}

function Cut({ first }: { first: Row }) {
  const t = useTranslations('evaluation')
  const reading = useTranslations('reading')
  return (
    <span className={styles['small']}>
      {first.cutGrade !== null && t('cut', { grade: first.cutGrade })}
      {first.referenceModality !== first.modality &&
        ` · ${t('against', { modality: reading(`modality.${first.referenceModality}`) })}`}
    </span>
  )
}

function Missing({ row }: { row: Row | undefined }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  if (!row) return null
  const { nMissing, missing } = row.result
  const parts = [
    ['raterNotAssessable', missing.raterNotAssessable],
    ['raterNotGraded', missing.raterNotGraded],
    ['referenceNotAssessable', missing.referenceNotAssessable],
    ['referenceNotGraded', missing.referenceNotGraded],
  ] as const
  return (
    <>
      {format.number(nMissing)}
      {parts
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => (
          <span key={kind} className={styles['small']}>
            {t(`missingKind.${kind}`, { count })}
          </span>
        ))}
    </>
  )
}

/** `0.812 [0.702, 0.921]`; what is not defined says why, in words, where the number would stand. */
function Estimate({ row, all }: { row: Row | undefined; all: Row | undefined }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  if (!row) return null
  const { estimate, ci, reason, bound, n, clusters, flags } = row.result
  const number = (value: number) => format.number(value, DIGITS)
  // Clipped for display only: the stored limits are what the method gave, and the note says so.
  const lowest = row.metric === 'weighted_kappa' ? -1 : 0
  const isOfAll = n === all?.result.n && clusters === all.result.clusters
  return (
    <span data-testid={`${row.comparator}/${row.modality}/${row.feature}/${row.metric}`}>
      {estimate === null ? (
        <em>{t('undefined')}</em>
      ) : (
        <>
          {number(estimate)}{' '}
          {ci && (
            <span className={styles['interval']}>
              [{number(Math.max(ci.lower, lowest))}, {number(Math.min(ci.upper, 1))}]
            </span>
          )}
        </>
      )}
      {reason && <span className={styles['small']}>{t(`reason.${reason}`)}</span>}
      {bound && (
        <span className={styles['small']}>
          {t(bound.side === 'lower' ? 'boundLower' : 'boundUpper', { value: number(bound.value) })}
        </span>
      )}
      {!isOfAll && <span className={styles['small']}>{t('ofUnits', { n, patients: clusters })}</span>}
      {ci && flags.includes('wald_out_of_range') && <span className={styles['small']}>{t('clipped')}</span>}
    </span>
  )
}

/** The methods by which the numbers above were made, once each. */
function Methods({ rows }: { rows: readonly Row[] }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  const methods = new Map(
    rows
      .filter(({ metric }) => METRICS.some((shown) => shown === metric))
      .map(({ metric, result }) => [metric, result]),
  )
  return (
    <section aria-label={t('methods')} className={styles['methods']}>
      <p>{t('methodsText', { level: format.number([...methods.values()][0]?.level ?? 0, { style: 'percent' }) })}</p>
      <ul>
        {[...methods].map(([metric, { method }]) => (
          <li key={metric}>
            {t(`metric.${metric}`)}: <code>{method}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
