'use client'
import type { Protocol } from '@facetgrade/grading/protocol'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { SelectField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC } from '../shell/trpc.ts'
import { ReportFiles } from './report-files.tsx'
import { ResultsExplorer } from './results-explorer.tsx'
import { RunProgress } from './run-progress.tsx'

/** Runs of the plan on the test part, the latest shown; what stands on something taken back says so. */
export function ResultsCard({ studyCode }: { studyCode: string }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const list = useQuery(trpc.evaluation.list.queryOptions({ studyCode }))
  const [chosen, setChosen] = useState<string>()
  const [runId, setRunId] = useState<string>()
  const run = useMutation(trpc.evaluation.run.mutationOptions({ onSuccess: (ordered) => setRunId(ordered.runId) }))
  const finished = async (evaluationId: string | null) => {
    setRunId(undefined)
    if (evaluationId !== null) setChosen(evaluationId)
    await queryClient.invalidateQueries(trpc.evaluation.pathFilter())
    await queryClient.invalidateQueries(trpc.exports.pathFilter())
  }
  return (
    <Card
      title={t('results')}
      actions={
        <Button
          size="small"
          variant="primary"
          isBusy={run.isPending || runId !== undefined}
          onClick={() => run.mutate({ studyCode })}
        >
          {t('run')}
        </Button>
      }
    >
      <Stack gap="m">
        {runId !== undefined && <RunProgress key={runId} studyCode={studyCode} runId={runId} onFinished={finished} />}
        {run.isError && <Banner tone="danger">{refusalText(run.error)}</Banner>}
        <Loaded query={list} lines={3}>
          {(rows) => {
            const shown = rows.find(({ evaluationId }) => evaluationId === chosen) ?? rows[0]
            if (!shown) return <p>{t('noResults')}</p>
            return (
              <Stack gap="m">
                {rows.length > 1 && (
                  <SelectField
                    label={t('evaluation')}
                    value={shown.evaluationId}
                    onChange={(event) => setChosen(event.target.value)}
                    options={rows.map((row) => ({
                      value: row.evaluationId,
                      label: t('evaluationName', {
                        at: format.dateTime(new Date(row.createdAt), { dateStyle: 'medium', timeStyle: 'short' }),
                        plan: row.planVersion,
                        reference: row.referenceVersion,
                      }),
                    }))}
                  />
                )}
                <Shown key={shown.evaluationId} studyCode={studyCode} evaluationId={shown.evaluationId} />
              </Stack>
            )
          }}
        </Loaded>
      </Stack>
    </Card>
  )
}

function Shown({ studyCode, evaluationId }: { studyCode: string; evaluationId: string }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  const trpc = useTRPC()
  const evaluation = useQuery(trpc.evaluation.show.queryOptions({ studyCode, evaluationId, analyses: ['performance'] }))
  const version = evaluation.data?.inputs.protocol.version
  const protocol = useQuery({
    ...trpc.protocol.show.queryOptions({ studyCode, ...(version === undefined ? {} : { version }) }),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Loaded query={evaluation}>
      {(shown) => (
        <Stack gap="m">
          {shown.isStale && <Banner tone="warning">{t('staleResults')}</Banner>}
          <p>
            {t('standsOn', {
              plan: shown.planVersion,
              ordinal: shown.unsealingOrdinal,
              reference: shown.referenceVersion,
              patients: shown.inputs.patients,
              at: format.dateTime(new Date(shown.createdAt), { dateStyle: 'medium', timeStyle: 'short' }),
            })}{' '}
            {t('resultHash')} <code title={shown.resultHash}>{shown.resultHash.slice(0, 12)}</code>
          </p>
          <ReportFiles studyCode={studyCode} evaluationId={evaluationId} />
          <Loaded query={protocol}>
            {(version) => (
              <ResultsExplorer
                studyCode={studyCode}
                evaluationId={evaluationId}
                results={shown.results}
                protocol={version.protocol as Protocol}
              />
            )}
          </Loaded>
        </Stack>
      )}
    </Loaded>
  )
}
