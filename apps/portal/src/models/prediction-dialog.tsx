'use client'
import { Dialog } from '@facetgrade/ui/dialog'
import { type Column, Table } from '@facetgrade/ui/table'
import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { levelName } from '../reading/grading/level-name.ts'
import { Loaded } from '../shell/loaded.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import styles from './models.module.css'

type Shown = Outputs['predictions']['show']
type Joint = Shown['joints'][number]
type Output = Joint['features'][number]['output']
const FEATURES = ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const

/** One exam: every joint with its grade, what else it may be, and the probability of each grade. */
export function PredictionDialog({
  studyCode,
  prediction,
  onClose,
}: {
  studyCode: string
  prediction: Pick<Shown, 'recordId' | 'patientCode' | 'modality'>
  onClose: () => void
}) {
  const t = useTranslations('models')
  const protocol = useTranslations('protocol')
  const trpc = useTRPC()
  const query = useQuery(trpc.predictions.show.queryOptions({ studyCode, recordId: prediction.recordId }))
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
      title={t('predictionsOf', {
        patient: prediction.patientCode,
        modality: protocol(`modalities.${prediction.modality}`),
      })}
      width="wide"
      closeLabel={t('close')}
    >
      <Loaded query={query}>
        {({ joints }) => (
          <>
            <p>{t('answerKey')}</p>
            <Joints joints={joints} />
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

function Joints({ joints }: { joints: readonly Joint[] }) {
  const t = useTranslations('models')
  const sides = useTranslations('reading')
  const asked = FEATURES.filter((feature) =>
    joints.some(({ features }) => features.some((one) => one.feature === feature)),
  )
  const columns: Column<Joint>[] = [
    {
      id: 'joint',
      header: t('joint'),
      isRowHeader: true,
      cell: ({ level, side }) => `${levelName(level)} ${sides(`side.${side}`)}`,
    },
    ...asked.map(
      (feature): Column<Joint> => ({
        id: feature,
        header: t(`features.${feature}`),
        cell: ({ features }) => <Answer output={features.find((one) => one.feature === feature)?.output ?? null} />,
      }),
    ),
    { id: 'direct', header: t('severityDirect'), cell: ({ severity }) => <Answer output={severity.direct} /> },
    {
      id: 'rule',
      header: t('severityRule'),
      cell: ({ severity: { byRule } }) => (byRule.kind === 'exact' ? byRule.grade : t('interval', byRule)),
    },
  ]
  return (
    <Table
      caption={t('predictions')}
      isCaptionHidden
      columns={columns}
      rows={joints}
      rowKey={({ level, side }) => `${level}-${side}`}
    />
  )
}

function Answer({ output }: { output: Output | null }) {
  const t = useTranslations('models')
  const format = useFormatter()
  if (output === null) return null
  if (output.kind === 'abstained') return <span>{t(`abstentions.${output.reason}`)}</span>
  const { grade, set, probabilities } = output
  const [least, most] = [set.at(0) ?? grade, set.at(-1) ?? grade]
  return (
    <span className={styles['answer']}>
      <strong>{grade}</strong> {least === most ? '' : `(${t('interval', { lowest: least, highest: most })})`}
      <br />
      <span className={styles['probabilities']}>
        {t('percents', {
          values: probabilities.map((one) => format.number(100 * one, { maximumFractionDigits: 0 })).join(' · '),
        })}
      </span>
    </span>
  )
}
