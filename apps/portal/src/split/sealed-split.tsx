'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { LiveRegion } from '@facetgrade/ui/live-region'
import { Stack } from '@facetgrade/ui/stack'
import { Table } from '@facetgrade/ui/table'
import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import { PartsTable } from './parts-table.tsx'
import styles from './split.module.css'

type Sealed = Extract<Outputs['split']['show'], { state: 'sealed' }>

/** The seal as it stands: who, when, what it is filed under, and the counts. No patient's part. */
export function SealedSplit({ studyCode, split }: { studyCode: string; split: Sealed }) {
  const t = useTranslations('split')
  const format = useFormatter()
  const mayVerify = [useHasRole('investigator'), useHasRole('statistician'), useHasRole('monitor')].some(Boolean)
  const hash = (text: string, testId: string) => (
    <code className={styles['hash']} data-testid={testId}>
      {text}
    </code>
  )
  return (
    <div data-testid="split-sealed">
      <Stack gap="l">
        <Card title={t('sealed')} actions={<Badge tone="good">{t('sealedForEver')}</Badge>}>
          <DefinitionList
            items={[
              { id: 'by', name: t('sealedBy'), value: split.sealedByName },
              {
                id: 'at',
                name: t('sealedAt'),
                value: format.dateTime(new Date(split.sealedAt), { dateStyle: 'long', timeStyle: 'short' }),
              },
              { id: 'protocol', name: t('protocolVersion'), value: split.protocolVersion },
              { id: 'algorithm', name: t('algorithm'), value: <code>{split.algorithmVersion}</code> },
              { id: 'ratios', name: t('ratios'), value: t('ratiosText', split.ratios) },
              { id: 'roster', name: t('rosterHash'), value: hash(split.rosterHash, 'split-roster-hash') },
              { id: 'seal', name: t('sealHash'), value: hash(split.sealHash, 'split-seal-hash') },
              ...(split.seed === null ? [] : [{ id: 'seed', name: t('seed'), value: hash(split.seed, 'split-seed') }]),
            ]}
          />
        </Card>
        <Card title={t('patients')}>
          <Stack gap="m">
            <PartsTable strata={split.strata} counts={split.counts} />
            <SinceSealing later={split.later} withdrawn={split.withdrawn} />
          </Stack>
        </Card>
        {mayVerify && <VerifyCard studyCode={studyCode} />}
      </Stack>
    </div>
  )
}

function SinceSealing({ later, withdrawn }: Pick<Sealed, 'later' | 'withdrawn'>) {
  const t = useTranslations('split')
  const format = useFormatter()
  const rows = [
    { id: 'later', counts: later },
    { id: 'withdrawn', counts: withdrawn },
  ] as const
  return (
    <Table
      caption={t('since')}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        { id: 'what', header: t('change'), isRowHeader: true, cell: ({ id }) => t(`sinceWhat.${id}`) },
        ...(['train', 'validation', 'test'] as const).map((part) => ({
          id: part,
          header: t(`parts.${part}`),
          isNumeric: true,
          cell: (row: (typeof rows)[number]) => format.number(row.counts[part]),
        })),
      ]}
    />
  )
}

function VerifyCard({ studyCode }: { studyCode: string }) {
  const t = useTranslations('split')
  const trpc = useTRPC()
  const refusalText = useRefusalText()
  const verified = useQuery({ ...trpc.split.verify.queryOptions({ studyCode }), enabled: false })
  const verdict =
    verified.data &&
    t(verified.data.isIntact ? 'intact' : 'altered', {
      sealed: verified.data.sealedPatients,
      later: verified.data.laterPatients,
    })
  return (
    <Card
      title={t('verify')}
      actions={
        <Button size="small" isBusy={verified.isFetching} onClick={() => void verified.refetch()}>
          {t('verifyNow')}
        </Button>
      }
    >
      <Stack gap="m">
        <p>{t('verifyLead')}</p>
        <LiveRegion text={verdict ?? ''} />
        {verified.isError && <Banner tone="danger">{refusalText(verified.error)}</Banner>}
        {verified.data && (
          <div data-testid="split-verified">
            <Stack gap="m">
              <Banner tone={verified.data.isIntact ? 'good' : 'danger'}>{verdict}</Banner>
              <Table
                caption={t('verify')}
                isCaptionHidden
                rows={verified.data.checks}
                rowKey={({ check }) => check}
                columns={[
                  { id: 'check', header: t('check'), isRowHeader: true, cell: ({ check }) => t(`checks.${check}`) },
                  {
                    id: 'holds',
                    header: t('result'),
                    cell: ({ holds }) => (
                      <Badge tone={holds ? 'good' : 'danger'}>{t(holds ? 'holds' : 'doesNotHold')}</Badge>
                    ),
                  },
                ]}
              />
            </Stack>
          </div>
        )}
      </Stack>
    </Card>
  )
}
