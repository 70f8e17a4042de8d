'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { Dialog } from '@facetgrade/ui/dialog'
import { Stack } from '@facetgrade/ui/stack'
import { Table } from '@facetgrade/ui/table'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { useTRPC } from '../shell/trpc.ts'

/** Versions of the reference standard, and the derivation of the next one. */
export function ReferenceCard({ studyCode }: { studyCode: string }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  const trpc = useTRPC()
  const versions = useQuery(trpc.reference.versions.queryOptions({ studyCode }))
  const [isOpen, setIsOpen] = useState(false)
  const mayDerive = useHasRole('investigator')
  return (
    <Card
      title={t('reference')}
      actions={
        mayDerive && (
          <Button size="small" onClick={() => setIsOpen(true)}>
            {t('derive')}
          </Button>
        )
      }
    >
      <Loaded query={versions} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p>{t('noReference')}</p>
          ) : (
            <Table
              caption={t('reference')}
              isCaptionHidden
              rows={rows}
              rowKey={({ referenceId }) => referenceId}
              columns={[
                { id: 'version', header: t('version'), isRowHeader: true, cell: (row) => row.version },
                { id: 'cases', header: t('cases'), isNumeric: true, cell: (row) => format.number(row.cases) },
                { id: 'cells', header: t('cells'), isNumeric: true, cell: (row) => format.number(row.cells) },
                {
                  id: 'at',
                  header: t('derivedAt'),
                  cell: (row) => format.dateTime(new Date(row.derivedAt), { dateStyle: 'medium', timeStyle: 'short' }),
                },
                {
                  id: 'state',
                  header: t('state'),
                  cell: (row) =>
                    row.isStale ? <Badge tone="warning">{t('stale')}</Badge> : <Badge tone="good">{t('valid')}</Badge>,
                },
                { id: 'hash', header: t('hash'), cell: (row) => <code title={row.hash}>{row.hash.slice(0, 12)}</code> },
              ]}
            />
          )
        }
      </Loaded>
      {isOpen && <DeriveDialog studyCode={studyCode} onClose={() => setIsOpen(false)} />}
    </Card>
  )
}

function DeriveDialog({ studyCode, onClose }: { studyCode: string; onClose: () => void }) {
  const t = useTranslations('evaluation')
  const reading = useTranslations('reading')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const preview = useQuery({ ...trpc.reference.preview.queryOptions({ studyCode }), gcTime: 0 })
  const derive = useMutation(
    trpc.reference.derive.mutationOptions({
      onSuccess: async () => {
        onClose()
        await queryClient.invalidateQueries(trpc.reference.pathFilter())
        await queryClient.invalidateQueries(trpc.evaluation.pathFilter())
      },
    }),
  )
  const incomplete = preview.data?.incomplete ?? []
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title={t('derive')}
      description={t('deriveLead')}
      closeLabel={shell('close')}
      width="wide"
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button
            variant="primary"
            isBusy={derive.isPending}
            disabled={(preview.data?.complete ?? 0) === 0}
            onClick={() =>
              derive.mutate({
                studyCode,
                leaveOut: incomplete.map(({ patientCode, modality }) => ({ patientCode, modality })),
              })
            }
          >
            {incomplete.length > 0 ? t('deriveWithout', { count: incomplete.length }) : t('derive')}
          </Button>
        </>
      }
    >
      <Loaded query={preview} lines={2}>
        {({ complete }) => (
          <Stack gap="m">
            <p>{t('previewText', { complete, incomplete: incomplete.length })}</p>
            {incomplete.length > 0 && (
              <Table
                caption={t('leftOut')}
                rows={incomplete}
                rowKey={({ patientCode, modality }) => `${patientCode}/${modality}`}
                columns={[
                  { id: 'patient', header: t('patient'), isRowHeader: true, cell: (row) => row.patientCode },
                  { id: 'modality', header: t('modality'), cell: (row) => reading(`modality.${row.modality}`) },
                  { id: 'why', header: t('why'), cell: (row) => t(`incomplete.${row.state}`) },
                ]}
              />
            )}
            {derive.isError && <Banner tone="danger">{refusalText(derive.error)}</Banner>}
          </Stack>
        )}
      </Loaded>
    </Dialog>
  )
}
