'use client'
import { MODALITIES } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { Badge } from '@facetgrade/ui/badge'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { Stack } from '@facetgrade/ui/stack'
import { Table } from '@facetgrade/ui/table'
import { Tabs } from '@facetgrade/ui/tabs'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import { textLanguage } from '../shell/locale.ts'
import styles from './protocol.module.css'

type Props = { protocol: Protocol }

/** A protocol in words, in the language of the page. */
export function ProtocolView({ protocol }: Props) {
  const t = useTranslations('protocol')
  return (
    <Stack gap="l">
      <Overview protocol={protocol} />
      <Card title={t('features')}>
        <Tabs
          label={t('modality')}
          tabs={MODALITIES.filter((modality) => protocol.modalities.includes(modality)).map((modality) => ({
            id: modality,
            label: t(`modalities.${modality}`),
            content: <Features protocol={protocol} modality={modality} />,
          }))}
        />
      </Card>
      <Criteria protocol={protocol} />
      <Readers protocol={protocol} />
      <Split protocol={protocol} />
      <Endpoints protocol={protocol} />
    </Stack>
  )
}

function Overview({ protocol }: Props) {
  const t = useTranslations('protocol')
  const format = useFormatter()
  const language = textLanguage(useLocale())
  const { imagingPeriod } = protocol
  return (
    <Card title={protocol.title[language]}>
      <DefinitionList
        items={[
          { id: 'registry', name: t('registryId'), value: protocol.registryId ?? t('none') },
          { id: 'planned', name: t('plannedPatients'), value: format.number(protocol.plannedPatients) },
          { id: 'period', name: t('imagingPeriod'), value: `${imagingPeriod.from} – ${imagingPeriod.to}` },
          {
            id: 'modalities',
            name: t('modality'),
            value: protocol.modalities.map((modality) => t(`modalities.${modality}`)).join(' · '),
          },
          {
            id: 'joints',
            name: t('joints'),
            value: t('jointsCount', {
              count: protocol.levels.length * protocol.sides.length,
              levels: protocol.levels.map((level) => `${level.slice(0, 2)}/${level.slice(3)}`).join(', '),
            }),
          },
        ]}
      />
      <section>
        <h3>{t('severity')}</h3>
        <p className={styles['guidance']}>{protocol.severity.scheme.text[language]}</p>
      </section>
    </Card>
  )
}

function Features({ protocol, modality }: Props & { modality: Protocol['modalities'][number] }) {
  const t = useTranslations('protocol')
  const language = textLanguage(useLocale())
  return (
    <Stack gap="l">
      {protocol.features.map((feature) => {
        const scale = feature.scales[modality]
        return (
          <section key={feature.feature}>
            <h3>{feature.label[language]}</h3>
            <p className={styles['guidance']}>{feature.guidance[language]}</p>
            {scale === undefined ? (
              <Badge>{t('notAsked')}</Badge>
            ) : (
              <Table
                caption={t('scaleOf', { feature: feature.label[language] })}
                isCaptionHidden
                columns={[
                  { id: 'grade', header: t('grade'), isRowHeader: true, cell: (level) => level.grade },
                  { id: 'label', header: t('label'), cell: (level) => level.label[language] },
                  { id: 'definition', header: t('definition'), cell: (level) => level.definition[language] },
                ]}
                rows={scale.map((level, grade) => ({ ...level, grade }))}
                rowKey={(level) => String(level.grade)}
              />
            )}
          </section>
        )
      })}
    </Stack>
  )
}

function Criteria({ protocol }: Props) {
  const t = useTranslations('protocol')
  const language = textLanguage(useLocale())
  return (
    <Card title={t('criteria')}>
      {protocol.eligibility.secondLook && <p className={styles['guidance']}>{t('secondLook')}</p>}
      <Table
        caption={t('criteria')}
        isCaptionHidden
        columns={[
          { id: 'code', header: t('code'), isRowHeader: true, cell: (criterion) => criterion.code },
          { id: 'kind', header: t('kind'), cell: (criterion) => t(`kinds.${criterion.kind}`) },
          { id: 'text', header: t('text'), cell: (criterion) => criterion.text[language] },
        ]}
        rows={protocol.eligibility.criteria}
        rowKey={(criterion) => criterion.code}
      />
    </Card>
  )
}

function Readers({ protocol }: Props) {
  const t = useTranslations('protocol')
  const language = textLanguage(useLocale())
  return (
    <Card title={t('readers')}>
      <Table
        caption={t('readers')}
        isCaptionHidden
        columns={[
          { id: 'group', header: t('group'), isRowHeader: true, cell: (group) => group.label[language] },
          { id: 'role', header: t('groupRole'), cell: (group) => t(`groupRoles.${group.role}`) },
          { id: 'readers', header: t('readersCount'), isNumeric: true, cell: (group) => group.readers },
          { id: 'codes', header: t('readerCodes'), cell: (group) => `${group.codePrefix}1, ${group.codePrefix}2 …` },
        ]}
        rows={protocol.readerGroups}
        rowKey={(group) => group.name}
      />
      <p className={styles['guidance']}>
        {t('spacing', {
          cases: protocol.spacing.casesBetweenSamePatient,
          days: protocol.spacing.daysBetweenSamePatient,
        })}{' '}
        {t('rounds', { rounds: protocol.rounds.map((round) => round.label[language]).join(', ') })}
      </p>
    </Card>
  )
}

function Split({ protocol }: Props) {
  const t = useTranslations('protocol')
  const { ratios, strata } = protocol.split
  const strataNames = strata.map((stratum) => (stratum.by === 'column' ? stratum.column : t(`strata.${stratum.by}`)))
  return (
    <Card title={t('split')}>
      <DefinitionList
        items={[
          { id: 'train', name: t('parts.train'), value: `${ratios.train} %` },
          { id: 'validation', name: t('parts.validation'), value: `${ratios.validation} %` },
          { id: 'test', name: t('parts.test'), value: `${ratios.test} %` },
          {
            id: 'strata',
            name: t('strataTitle'),
            value: strataNames.length === 0 ? t('none') : strataNames.join(' × '),
          },
        ]}
      />
    </Card>
  )
}

function Endpoints({ protocol }: Props) {
  const t = useTranslations('protocol')
  const language = textLanguage(useLocale())
  const metricNames = (metrics: Protocol['endpoints']['primary']) =>
    metrics.map((metric) => t(`metrics.${metric}`)).join(', ')
  const featureName = (name: string) =>
    protocol.features.find((feature) => feature.feature === name)?.label[language] ?? t('severity')
  return (
    <Card title={t('endpoints')}>
      <DefinitionList
        items={[
          { id: 'primary', name: t('primary'), value: metricNames(protocol.endpoints.primary) },
          { id: 'secondary', name: t('secondary'), value: metricNames(protocol.endpoints.secondary) },
        ]}
      />
      <Table
        caption={t('cutGrades')}
        columns={[
          { id: 'feature', header: t('feature'), isRowHeader: true, cell: (cut) => featureName(cut.feature) },
          { id: 'modality', header: t('modality'), cell: (cut) => t(`modalities.${cut.modality}`) },
          { id: 'cut', header: t('positiveFrom'), cell: (cut) => `≥ ${cut.cutGrade}` },
        ]}
        rows={protocol.endpoints.cutGrades}
        rowKey={(cut) => `${cut.modality}/${cut.feature}`}
      />
    </Card>
  )
}
