'use client'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { Loaded } from '../shell/loaded.tsx'
import { textLanguage } from '../shell/locale.ts'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import styles from './flow-diagram.module.css'

type Flow = Outputs['screening']['flow']
const PARTS = ['train', 'validation', 'test'] as const
const STAGES = ['split', 'read', 'analysed'] as const

/** The flow of patients as it is now: an ordered list that reads in its order, drawn as boxes under one another. */
export function FlowDiagram({ studyCode }: { studyCode: string }) {
  const flow = useQuery(useTRPC().screening.flow.queryOptions({ studyCode }))
  return <Loaded query={flow}>{(counts) => <FlowBoxes flow={counts} />}</Loaded>
}

export function FlowBoxes({ flow }: { flow: Flow }) {
  const t = useTranslations('screening.flow')
  const language = textLanguage(useLocale())
  const reasons = flow.exclusions.filter(({ patients }) => patients > 0)
  const textOf = (code: string) => flow.criteria.find((criterion) => criterion.code === code)?.text[language] ?? ''
  return (
    <ol className={styles['flow']} data-testid="flow-diagram">
      <Box id="received" name={t('received')} count={flow.received}>
        {flow.waiting > 0 && <Aside id="waiting">{t('waiting', { count: flow.waiting })}</Aside>}
      </Box>
      <Box id="screened" name={t('screened')} count={flow.screened}>
        {flow.excluded > 0 && (
          <Aside id="excluded">
            {t('excluded', { count: flow.excluded })}
            <ul>
              {reasons.map(({ code, patients }) => (
                <li key={code} data-testid={`flow-excluded-${code}`}>
                  {t('reason', { code, text: textOf(code), count: patients })}
                </li>
              ))}
            </ul>
          </Aside>
        )}
      </Box>
      <Box id="eligible" name={t('eligible')} count={flow.eligible}>
        {flow.withdrawn > 0 && <Aside id="withdrawn">{t('withdrawn', { count: flow.withdrawn })}</Aside>}
      </Box>
      {STAGES.map((stage) => (
        <Box key={stage} id={stage} name={t(stage)} count={flow.totals[stage]}>
          {flow.byPart && (
            <ul className={styles['parts']}>
              {PARTS.map((part) => (
                <li key={part} data-testid={`flow-${stage}-${part}`}>
                  {t('part', { part: t(`parts.${part}`), count: flow.byPart?.[stage][part] ?? 0 })}
                </li>
              ))}
            </ul>
          )}
        </Box>
      ))}
    </ol>
  )
}

function Box({ id, name, count, children }: { id: string; name: string; count: number; children: React.ReactNode }) {
  return (
    <li className={styles['step']}>
      <div className={styles['box']}>
        <span>{name}</span> <strong data-testid={`flow-${id}`}>{count}</strong>
      </div>
      {children}
    </li>
  )
}

function Aside({ id, children }: { id: string; children: React.ReactNode }) {
  return (
    <div className={styles['aside']} data-testid={`flow-aside-${id}`}>
      {children}
    </div>
  )
}
