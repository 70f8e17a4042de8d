'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button, buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Row } from '@facetgrade/ui/stack'
import { EmptyState } from '@facetgrade/ui/state'
import { Table } from '@facetgrade/ui/table'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import { DocumentField, type ReadDocument } from './document-field.tsx'
import styles from './protocol.module.css'
import { ProtocolChanges } from './protocol-changes.tsx'

type Check = Outputs['protocol']['check']
type Standing = Outputs['protocol']['show']

/** New document → its problems, or what it changes → reason → next version. */
export function AmendScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('protocol')
  const mayAmend = useHasRole('investigator')
  const standing = useQuery(useTRPC().protocol.show.queryOptions({ studyCode }))
  return (
    <>
      <PageHeader title={t('amend')} lead={t('amendLead')} />
      {mayAmend ? (
        <Loaded query={standing}>{(version) => <Amendment studyCode={studyCode} standing={version} />}</Loaded>
      ) : (
        <EmptyState title={t('notYoursTitle')}>{t('notYoursText')}</EmptyState>
      )}
    </>
  )
}

function Amendment({ studyCode, standing }: { studyCode: string; standing: Standing }) {
  const t = useTranslations('protocol')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const toast = useToast()
  const router = useRouter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  // The text that one starts from; a later answer of the server must not replace what is being edited.
  const [initial] = useState(() => JSON.stringify(standing.protocol, null, 2))
  const [document, setDocument] = useState<ReadDocument | undefined>({ ok: true, json: standing.protocol })
  const [isConfirming, setIsConfirming] = useState(false)
  const check = useMutation(trpc.protocol.check.mutationOptions())
  const amend = useMutation(
    trpc.protocol.amend.mutationOptions({
      onSuccess: async (written) => {
        await queryClient.invalidateQueries(trpc.protocol.pathFilter())
        toast(t('amended', { version: written.version }), 'good')
        router.push(`/studies/${studyCode}/protocol`)
      },
    }),
  )
  const result = check.data
  return (
    <>
      <Card title={t('newDocument')}>
        <DocumentField
          initial={initial}
          onDocument={(next) => {
            setDocument(next)
            check.reset()
          }}
        />
        <Row>
          <Button
            variant={result?.ok ? 'secondary' : 'primary'}
            disabled={!document?.ok}
            isBusy={check.isPending}
            onClick={() => document?.ok && check.mutate({ studyCode, document: document.json })}
          >
            {t('check')}
          </Button>
          <Link className={buttonClass('quiet')} href={`/studies/${studyCode}/protocol`}>
            {shell('cancel')}
          </Link>
        </Row>
        {check.isError && <Banner tone="danger">{refusalText(check.error)}</Banner>}
      </Card>
      {result && <Checked result={result} onGoOn={() => setIsConfirming(true)} />}
      {result?.ok && document?.ok && (
        <ConfirmWithReason
          isOpen={isConfirming}
          onOpenChange={setIsConfirming}
          title={t('confirmTitle', { version: result.version })}
          description={t('confirmText')}
          words={{
            reason: shell('reason'),
            reasonHint: shell('reasonHint'),
            reasonMissing: shell('reasonMissing'),
            confirm: t('makeVersion', { version: result.version }),
            cancel: shell('cancel'),
          }}
          isBusy={amend.isPending}
          error={amend.isError ? refusalText(amend.error) : undefined}
          onConfirm={(reason) =>
            amend.mutate({ studyCode, document: document.json, reason, basedOnVersion: result.version - 1 })
          }
        />
      )}
    </>
  )
}

function Checked({ result, onGoOn }: { result: Check; onGoOn: () => void }) {
  const t = useTranslations('protocol')
  if (!result.ok)
    return (
      <Card title={t('problemsTitle', { count: result.problems.length })}>
        <Table
          caption={t('problemsTitle', { count: result.problems.length })}
          isCaptionHidden
          columns={[
            {
              id: 'path',
              header: t('where'),
              isRowHeader: true,
              cell: (problem) => <code className={styles['path']}>{problem.path}</code>,
            },
            { id: 'message', header: t('problem'), cell: (problem) => problem.message },
            { id: 'code', header: t('code'), cell: (problem) => <code>{problem.code}</code> },
          ]}
          rows={result.problems}
          rowKey={(problem) => `${problem.path} ${problem.code} ${problem.message}`}
        />
      </Card>
    )
  if (result.changes.length === 0) return <Banner>{t('noChange')}</Banner>
  return (
    <Card
      title={t('changesTitle', { count: result.changes.length })}
      actions={
        <Button variant="primary" onClick={onGoOn}>
          {t('goOn')}
        </Button>
      }
    >
      <ProtocolChanges changes={result.changes} />
    </Card>
  )
}
