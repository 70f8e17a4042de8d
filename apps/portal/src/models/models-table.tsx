'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Button } from '@facetgrade/ui/button'
import { Row } from '@facetgrade/ui/stack'
import { EmptyState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import { SyntheticBadge } from './synthetic-note.tsx'

type Model = Outputs['models']['list'][number]

export function ModelsTable({ studyCode }: { studyCode: string }) {
  const t = useTranslations('models')
  const trpc = useTRPC()
  const query = useQuery(trpc.models.list.queryOptions({ studyCode }))
  const columns = useColumns(studyCode)
  return (
    <Loaded query={query}>
      {(models) => (
        <Table
          caption={t('title')}
          columns={columns}
          rows={models}
          rowKey={(model) => model.modelId}
          empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
        />
      )}
    </Loaded>
  )
}

function useColumns(studyCode: string): Column<Model>[] {
  const t = useTranslations('models')
  const format = useFormatter()
  const protocol = useTranslations('protocol')
  const [isInvestigator, isCoordinator] = [useHasRole('investigator'), useHasRole('coordinator')]
  const [isModeller, isStatistician] = [useHasRole('modeller'), useHasRole('statistician')]
  const mayOpen = isInvestigator || isModeller || isStatistician
  const columns: Column<Model>[] = [
    {
      id: 'model',
      header: t('model'),
      isRowHeader: true,
      cell: (model) =>
        mayOpen ? (
          <Link href={`/studies/${studyCode}/models/${model.modelId}`}>{model.title ?? t('unreadable')}</Link>
        ) : (
          (model.title ?? t('unreadable'))
        ),
    },
    { id: 'kind', header: t('kind'), cell: ({ kind }) => t(`kinds.${kind ?? 'unknown'}`) },
    {
      id: 'modalities',
      header: t('modalities'),
      cell: ({ modalities }) => modalities.map((modality) => protocol(`modalities.${modality}`)).join(', '),
    },
    {
      id: 'state',
      header: t('state'),
      cell: (model) => (
        <Row gap="s">
          <Badge tone={model.state === 'registered' ? 'good' : 'danger'}>{t(`states.${model.state}`)}</Badge>
          {model.state === 'registered' && model.isOtherData && <Badge tone="warning">{t('otherData')}</Badge>}
          {model.isSyntheticOnly && <SyntheticBadge />}
        </Row>
      ),
    },
    { id: 'brought', header: t('brought'), cell: (model) => model.registeredByName },
    {
      id: 'at',
      header: t('broughtAt'),
      cell: (model) => format.dateTime(new Date(model.registeredAt), { dateStyle: 'medium', timeStyle: 'short' }),
    },
  ]
  if (!isInvestigator && !isCoordinator) return columns
  const isUsable = (model: Model) => model.state === 'registered' && model.kind === 'localiser'
  return [
    ...columns,
    {
      id: 'act',
      header: t('act'),
      cell: (model) => isUsable(model) && <ProposeButton studyCode={studyCode} model={model} />,
    },
  ]
}

function ProposeButton({ studyCode, model }: { studyCode: string; model: Model }) {
  const t = useTranslations('models')
  const refusalText = useRefusalText()
  const toast = useToast()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const propose = useMutation(
    trpc.models.proposePoints.mutationOptions({
      onSuccess: ({ exams }) => {
        toast(t('ordered', { exams }), 'good')
        void queryClient.invalidateQueries(trpc.models.runs.pathFilter())
      },
      onError: (error) => toast(refusalText(error), 'danger'),
    }),
  )
  return (
    <Button
      size="small"
      isBusy={propose.isPending}
      aria-label={t('proposePointsFor', { title: model.title ?? '' })}
      onClick={() => propose.mutate({ studyCode, modelId: model.modelId })}
    >
      {t('proposePoints')}
    </Button>
  )
}
