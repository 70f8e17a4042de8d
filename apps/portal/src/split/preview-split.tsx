'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { ProofDialog } from '../account/proof-dialog.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { PartsTable } from './parts-table.tsx'
import styles from './split.module.css'

type Preview = Outputs['split']['preview']
type Draw = NonNullable<Preview['draw']>
const LEFT_OUT = ['not_screened', 'second_look_missing', 'excluded', 'withdrawn'] as const

/** Preview and seal. The button and not the page asks for the preview, because the first one draws the seed. */
export function PreviewSplit({ studyCode, seedDrawnAt }: { studyCode: string; seedDrawnAt: string | null }) {
  const t = useTranslations('split')
  const format = useFormatter()
  const trpc = useTRPC()
  const refusalText = useRefusalText()
  const preview = useMutation(trpc.split.preview.mutationOptions())
  const drawnAt = preview.data?.draw?.seedDrawnAt ?? seedDrawnAt
  return (
    <Stack gap="l">
      <Card
        title={t('preview')}
        actions={
          <Button
            variant={preview.data ? 'secondary' : 'primary'}
            isBusy={preview.isPending}
            onClick={() => preview.mutate({ studyCode })}
          >
            {t(preview.data ? 'previewAgain' : 'previewNow')}
          </Button>
        }
      >
        <Stack gap="m">
          <p>
            {drawnAt === null
              ? t('seedNotDrawn')
              : t('seedDrawn', {
                  at: format.dateTime(new Date(drawnAt), { dateStyle: 'medium', timeStyle: 'short' }),
                })}
          </p>
          {preview.isError && <Banner tone="danger">{refusalText(preview.error)}</Banner>}
          {preview.data && <Previewed preview={preview.data} />}
        </Stack>
      </Card>
      {preview.data?.draw && (
        <SealCard studyCode={studyCode} draw={preview.data.draw} patients={preview.data.patients} />
      )}
    </Stack>
  )
}

function Previewed({ preview }: { preview: Preview }) {
  const t = useTranslations('split')
  const format = useFormatter()
  const { draw, leftOut, patients } = preview
  return (
    <div data-testid="split-preview">
      <Stack gap="m">
        {draw ? (
          <>
            <PartsTable strata={draw.strata} counts={draw.counts} />
            <DefinitionList
              items={[
                { id: 'patients', name: t('inRoster'), value: format.number(patients) },
                { id: 'ratios', name: t('ratios'), value: t('ratiosText', draw.ratios) },
                { id: 'protocol', name: t('protocolVersion'), value: draw.protocolVersion },
                { id: 'algorithm', name: t('algorithm'), value: <code>{draw.algorithmVersion}</code> },
                {
                  id: 'roster',
                  name: t('rosterHash'),
                  value: (
                    <code className={styles['hash']} data-testid="split-roster-hash">
                      {draw.rosterHash}
                    </code>
                  ),
                },
              ]}
            />
          </>
        ) : (
          <EmptyState title={t('nobody')}>{t('nobodyLead')}</EmptyState>
        )}
        <div data-testid="split-left-out">
          <Table
            caption={t('leftOut')}
            rows={LEFT_OUT}
            rowKey={(reason) => reason}
            columns={[
              { id: 'why', header: t('why'), isRowHeader: true, cell: (reason) => t(`leftOutWhy.${reason}`) },
              {
                id: 'patients',
                header: t('patients'),
                isNumeric: true,
                cell: (reason) => format.number(leftOut[reason]),
              },
            ]}
          />
        </div>
      </Stack>
    </div>
  )
}

function SealCard({ studyCode, draw, patients }: { studyCode: string; draw: Draw; patients: number }) {
  const t = useTranslations('split')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const toast = useToast()
  const [isOpen, setIsOpen] = useState(false)
  const { rosterHash, protocolVersion, counts } = draw
  return (
    <Card title={t('seal')}>
      <Stack gap="m">
        <ul className={styles['consequences']}>
          <li>{t('sealForEver')}</li>
          <li>{t('sealLater', draw.ratios)}</li>
          <li>{t('sealExams')}</li>
          <li>{t('sealWithdrawn')}</li>
        </ul>
        <div>
          <Button variant="danger" data-testid="split-seal" onClick={() => setIsOpen(true)}>
            {t('sealNow')}
          </Button>
        </div>
      </Stack>
      <ProofDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={t('sealTitle', { patients })}
        description={t('sealLead', counts)}
        confirmLabel={t('sealForGood')}
        onProof={async (proof) => {
          await client.split.seal.mutate({ studyCode, rosterHash, protocolVersion, proof })
          toast(t('sealedNow'), 'good')
          await queryClient.invalidateQueries(trpc.split.pathFilter())
        }}
      />
    </Card>
  )
}
