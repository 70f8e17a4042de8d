'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { type Column, Table } from '@facetgrade/ui/table'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import styles from './models.module.css'
import { OrderCard } from './order-card.tsx'
import { PredictionsCard } from './predictions-card.tsx'
import { SyntheticBanner } from './synthetic-note.tsx'

type Model = Outputs['models']['show']

/** One model: whether it may run and on what, where it comes from, and what it has said. */
export function ModelScreen({ studyCode, modelId }: { studyCode: string; modelId: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.models.show.queryOptions({ studyCode, modelId }))
  return <Loaded query={query}>{(model) => <Shown studyCode={studyCode} model={model} />}</Loaded>
}

function Shown({ studyCode, model }: { studyCode: string; model: Model }) {
  const t = useTranslations('models')
  const [isInvestigator, isModeller] = [useHasRole('investigator'), useHasRole('modeller')]
  const isRegistered = model.state === 'registered'
  const isGrader = isRegistered && model.kind === 'grader'
  return (
    <>
      <PageHeader
        title={model.title ?? t('unreadable')}
        actions={
          <Link className={buttonClass('secondary')} href={`/studies/${studyCode}/models`}>
            {t('back')}
          </Link>
        }
      />
      <Stack gap="l">
        {model.isSyntheticOnly && <SyntheticBanner />}
        {isRegistered && model.isOtherData && <Banner tone="warning">{t('otherDataLong')}</Banner>}
        {model.unfitFor.length > 0 && (
          <Banner tone="danger">
            {t('unfit', {
              parts: model.unfitFor.map((part) => t(`parts.${part}`)).join(', '),
              count: model.unfitFor.length,
            })}
          </Banner>
        )}
        {!isRegistered && <Problems problems={model.problems} />}
        <About model={model} />
        {isGrader && (isInvestigator || isModeller) && <OrderCard studyCode={studyCode} modelId={model.modelId} />}
        {isGrader && <PredictionsCard studyCode={studyCode} modelId={model.modelId} />}
        {isRegistered && <Networks networks={model.networks} />}
        {model.card !== '' && (
          <Card title={t('card')}>
            <pre className={styles['card']}>{model.card}</pre>
          </Card>
        )}
      </Stack>
    </>
  )
}

function Problems({ problems }: { problems: Model['problems'] }) {
  const t = useTranslations('models')
  const columns: Column<Model['problems'][number]>[] = [
    { id: 'problem', header: t('problem'), isRowHeader: true, cell: ({ code }) => t(`problemSentences.${code}`) },
    { id: 'where', header: t('where'), cell: ({ at }) => (at === null ? '' : <code>{at}</code>) },
    { id: 'code', header: t('code'), cell: ({ code }) => code },
  ]
  return (
    <Card title={t('problems')}>
      <Table
        caption={t('problems')}
        isCaptionHidden
        columns={columns}
        rows={problems}
        rowKey={({ code, at }) => `${code} ${at ?? ''}`}
      />
    </Card>
  )
}

const SEEN_PARTS = ['train', 'validation', 'test', 'unallocated'] as const

function About({ model }: { model: Model }) {
  const t = useTranslations('models')
  const protocol = useTranslations('protocol')
  const format = useFormatter()
  const isModeller = !useIsToldOfTest()
  const seen = model.patientsSeen
  const facts = [
    {
      id: 'state',
      name: t('state'),
      value: <Badge tone={model.state === 'registered' ? 'good' : 'danger'}>{t(`states.${model.state}`)}</Badge>,
    },
    { id: 'kind', name: t('kind'), value: t(`kinds.${model.kind ?? 'unknown'}`) },
    {
      id: 'modalities',
      name: t('modalities'),
      value: model.modalities.map((modality) => protocol(`modalities.${modality}`)).join(', '),
    },
    ...(model.state === 'registered'
      ? [{ id: 'data', name: t('trainingData'), value: model.isOtherData ? t('otherData') : t('ownData') }]
      : []),
    ...(model.preprocessingVersion === null
      ? []
      : [{ id: 'preprocessing', name: t('preprocessing'), value: model.preprocessingVersion }]),
    { id: 'hash', name: t('hash'), value: <code className={styles['hash']}>{model.hash}</code> },
    { id: 'brought', name: t('brought'), value: model.registeredByName },
    {
      id: 'at',
      name: t('broughtAt'),
      value: format.dateTime(new Date(model.registeredAt), { dateStyle: 'medium', timeStyle: 'short' }),
    },
  ]
  return (
    <Card title={t('about')}>
      <Stack>
        <DefinitionList items={facts} />
        {seen && (
          <>
            <h3>{t('seen')}</h3>
            <p>{t('seenLead')}</p>
            <DefinitionList
              items={SEEN_PARTS.map((part) => ({
                id: part,
                name: t(`seenParts.${part}`),
                value: part === 'test' && isModeller ? t('notTold') : t('seenPatients', { patients: seen[part] }),
              }))}
            />
          </>
        )}
      </Stack>
    </Card>
  )
}

/** Whoever holds another role beside the modeller's is answered under that one. */
function useIsToldOfTest(): boolean {
  const [isInvestigator, isStatistician] = [useHasRole('investigator'), useHasRole('statistician')]
  return isInvestigator || isStatistician
}

function Networks({ networks }: { networks: Model['networks'] }) {
  const t = useTranslations('models')
  const protocol = useTranslations('protocol')
  const format = useFormatter()
  const columns: Column<Model['networks'][number]>[] = [
    {
      id: 'network',
      header: t('network'),
      isRowHeader: true,
      cell: ({ role, modality }) => `${role} · ${protocol(`modalities.${modality}`)}`,
    },
    {
      id: 'size',
      header: t('size'),
      isNumeric: true,
      cell: ({ bytes }) => `${format.number(bytes / 1e6, { maximumFractionDigits: 2 })} MB`,
    },
    { id: 'sha256', header: t('sha256'), cell: ({ sha256 }) => <code className={styles['hash']}>{sha256}</code> },
  ]
  return (
    <Table
      caption={t('networks')}
      columns={columns}
      rows={networks}
      rowKey={({ role, modality }) => `${role}/${modality}`}
    />
  )
}
