'use client'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Analysis, EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { figureSource } from '@facetgrade/report/figures/figure-source'
import { questionsOf } from '@facetgrade/report/figures/figures-of'
import { SelectField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { Tabs } from '@facetgrade/ui/tabs'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useMemo, useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { textLanguage } from '../shell/locale.ts'
import { useTRPC } from '../shell/trpc.ts'
import { FailureGallery } from './failure-gallery.tsx'
import styles from './figure.module.css'
import { FigureView } from './figure-view.tsx'
import { PerformanceTable } from './performance-table.tsx'
import { type Chosen, VIEWS, type View, viewFigures, viewRows } from './result-views.ts'
import { RowsTable } from './rows-table.tsx'

const ALL = ''

/** Modality, then feature, then comparator; then the kind of result, as a figure and as a table. */
export function ResultsExplorer({
  studyCode,
  evaluationId,
  results,
  protocol,
}: {
  studyCode: string
  evaluationId: string
  results: EvaluationDocument
  protocol: Protocol
}) {
  const t = useTranslations('evaluation')
  const language = textLanguage(useLocale())
  const source = useMemo(() => figureSource(results, protocol, language), [results, protocol, language])
  const questions = questionsOf(source)
  const [modality, setModality] = useState(
    firstWithResults(
      results,
      questions.map((question) => question.modality),
    ),
  )
  const [feature, setFeature] = useState(ALL)
  const [comparator, setComparator] = useState(ALL)
  const { labels } = source
  const features = questions.find((question) => question.modality === modality)?.features ?? []
  const compared = results.comparators.filter(({ kind }) => kind !== 'reference_reader')
  if (modality === undefined) return <p>{t('noRows')}</p>
  const chosen: Chosen = {
    modality,
    features: features.filter((one) => feature === ALL || one === feature),
    comparators: compared.map(({ code }) => code).filter((code) => comparator === ALL || code === comparator),
  }
  return (
    <Stack gap="m">
      <div className={styles['choose']}>
        <SelectField
          label={t('modality')}
          value={modality}
          options={questions.map((question) => ({
            value: question.modality,
            label: labels.modality(question.modality),
          }))}
          onChange={(event) => {
            const next = questions.find((question) => question.modality === event.target.value)
            setModality(next?.modality)
            if (!next?.features.some((one) => one === feature)) setFeature(ALL)
          }}
        />
        <SelectField
          label={t('featureChoice')}
          value={feature}
          options={[
            { value: ALL, label: t('allFeatures') },
            ...features.map((one) => ({ value: one, label: labels.feature(one) })),
          ]}
          onChange={(event) => setFeature(event.target.value)}
        />
        <SelectField
          label={t('comparatorChoice')}
          value={comparator}
          options={[
            { value: ALL, label: t('allComparators') },
            ...compared.map(({ code }) => ({ value: code, label: labels.rater(code) })),
          ]}
          onChange={(event) => setComparator(event.target.value)}
        />
      </div>
      <Tabs
        label={t('views')}
        tabs={VIEWS.map((view) => ({
          id: view.id,
          label: t(`view.${view.id}`),
          content: (
            <ViewContent
              studyCode={studyCode}
              evaluationId={evaluationId}
              protocol={protocol}
              view={view}
              chosen={chosen}
            />
          ),
        }))}
      />
    </Stack>
  )
}

/** The first modality of the protocol that the test part has cases of. */
function firstWithResults({ rows }: EvaluationDocument, modalities: readonly Modality[]): Modality | undefined {
  return (
    modalities.find((modality) => rows.some((row) => row.modality === modality && row.result.n > 0)) ?? modalities[0]
  )
}

type ViewProps = { studyCode: string; evaluationId: string; protocol: Protocol; view: View; chosen: Chosen }

/** Each view fetches the rows that it shows: all together are some ten thousand. */
function ViewContent({ studyCode, evaluationId, protocol, view, chosen }: ViewProps) {
  const trpc = useTRPC()
  const analyses: Analysis[] = [...view.analyses]
  const evaluation = useQuery({
    ...trpc.evaluation.show.queryOptions({ studyCode, evaluationId, analyses }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Loaded query={evaluation} lines={6}>
      {({ results }) => <Shown {...{ studyCode, evaluationId, protocol, view, chosen, results }} />}
    </Loaded>
  )
}

function Shown({
  studyCode,
  evaluationId,
  protocol,
  view,
  chosen,
  results,
}: ViewProps & { results: EvaluationDocument }): ReactNode {
  const t = useTranslations('evaluation')
  const language = textLanguage(useLocale())
  const source = useMemo(() => figureSource(results, protocol, language), [results, protocol, language])
  const figures = useMemo(() => viewFigures(source, view.id, chosen), [source, view.id, chosen])
  const tables = viewRows(source, view, chosen)
  const files = `/api/reports/${studyCode}/${evaluationId}?language=${language}`
  const caption = (analysis: EvaluationRow['analysis'], rows: readonly EvaluationRow[]) =>
    `${source.labels.words.analysis[analysis]}. ${source.labels.words.perUnit[rows[0]?.result.unit ?? 'joint']}`
  return (
    <Stack gap="m">
      {view.id === 'failures' && (
        <FailureGallery
          source={source}
          studyCode={studyCode}
          evaluationId={evaluationId}
          isShown={(item) =>
            item.modality === chosen.modality &&
            chosen.features.includes(item.feature) &&
            chosen.comparators.includes(item.comparator)
          }
        />
      )}
      {tables.map(({ analysis, rows }) =>
        analysis === 'performance' || analysis === 'patient_level' ? (
          <PerformanceTable key={analysis} source={source} rows={rows} caption={caption(analysis, rows)} />
        ) : (
          <RowsTable key={analysis} source={source} rows={rows} caption={caption(analysis, rows)} />
        ),
      )}
      {figures.map((figure) => (
        <FigureView key={figure.id} figure={figure} files={files} />
      ))}
      {tables.length === 0 && figures.length === 0 && view.id !== 'failures' && <p>{t('nothingHere')}</p>}
    </Stack>
  )
}
