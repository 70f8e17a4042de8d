'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button, buttonClass } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { Field } from '@facetgrade/ui/field'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { Row, Stack } from '@facetgrade/ui/stack'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useTRPC } from '../shell/trpc.ts'
import {
  ModelNotTaken,
  type Registered,
  registerShipped,
  type ShippedModel,
  sendModel,
  shippedModels,
} from './send-model.ts'
import { SyntheticBadge } from './synthetic-note.tsx'

/** The models of the product by one press each; any other as a folder. */
export function RegisterCard({ studyCode }: { studyCode: string }) {
  const t = useTranslations('models')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const shipped = useQuery({ queryKey: ['shipped-models', studyCode], queryFn: () => shippedModels(studyCode) })
  const [files, setFiles] = useState<readonly File[]>([])
  const [arrived, setArrived] = useState({ done: 0, total: 0 })
  const onSuccess = () => queryClient.invalidateQueries(trpc.models.pathFilter())
  const own = useMutation({
    mutationFn: () => sendModel(studyCode, files, (done, total) => setArrived({ done, total })),
    onSuccess,
  })
  const named = useMutation({ mutationFn: (id: string) => registerShipped(studyCode, id), onSuccess })
  const latest = own.submittedAt >= named.submittedAt ? own : named
  const hasManifest = files.some(({ name }) => name === 'manifest.json')
  return (
    <Card title={t('register')}>
      <Stack>
        <p>{t('registerLead')}</p>
        <h3>{t('shipped')}</h3>
        <Loaded query={shipped} lines={2}>
          {(models) => <ShippedList models={models} isBusy={named.isPending} onRegister={(id) => named.mutate(id)} />}
        </Loaded>
        <h3>{t('own')}</h3>
        <Field
          label={t('folder')}
          hint={t('folderHint')}
          {...(files.length > 0 && !hasManifest ? { error: t('noManifest') } : {})}
        >
          {(control) => (
            <input
              {...control}
              type="file"
              multiple
              // React has no name for this attribute; browsers do.
              ref={(input) => input?.setAttribute('webkitdirectory', '')}
              onChange={(event) => setFiles([...(event.target.files ?? [])])}
            />
          )}
        </Field>
        <div>
          <Button variant="primary" disabled={!hasManifest} isBusy={own.isPending} onClick={() => own.mutate()}>
            {t('send')}
          </Button>
        </div>
        {own.isPending && (
          <ProgressBar
            label={arrived.done < arrived.total ? t('sending') : t('inspecting')}
            {...(arrived.done < arrived.total ? { value: arrived.done, max: arrived.total } : {})}
            detail={t('files', arrived)}
          />
        )}
        <Outcome studyCode={studyCode} registered={latest.data} error={latest.error} />
      </Stack>
    </Card>
  )
}

function ShippedList({
  models,
  isBusy,
  onRegister,
}: {
  models: readonly ShippedModel[]
  isBusy: boolean
  onRegister: (id: string) => void
}) {
  const t = useTranslations('models')
  if (models.length === 0) return <p>{t('noShipped')}</p>
  return (
    <Stack gap="s">
      {models.map(({ id, title, kind, isSyntheticOnly }) => (
        <Row key={id} gap="m">
          <Button
            size="small"
            isBusy={isBusy}
            aria-label={t('registerShippedFor', { title })}
            onClick={() => onRegister(id)}
          >
            {t('registerShipped')}
          </Button>
          <span>
            {title} · {t(`kinds.${kind}`)}
          </span>
          {isSyntheticOnly && <SyntheticBadge />}
        </Row>
      ))}
    </Stack>
  )
}

function Outcome({
  studyCode,
  registered,
  error,
}: {
  studyCode: string
  registered: Registered | undefined
  error: Error | null
}) {
  const t = useTranslations('models')
  const failure = useFailureText()
  if (error) return <Banner tone="danger">{failure(error)}</Banner>
  if (!registered) return null
  const title = registered.title ?? t('unreadable')
  const isRegistered = registered.state === 'registered'
  return (
    <Banner
      tone={isRegistered ? 'good' : 'danger'}
      action={
        <Link className={buttonClass('secondary', 'small')} href={`/studies/${studyCode}/models/${registered.modelId}`}>
          {t('page')}
        </Link>
      }
    >
      {isRegistered ? t('wasRegistered', { title }) : t('wasRefused', { title })}
    </Banner>
  )
}

function useFailureText(): (error: Error) => string {
  const t = useTranslations('models')
  const refusals = useTranslations('refusals')
  return (error) => {
    const code = error instanceof ModelNotTaken ? error.code : 'UNEXPECTED'
    switch (code) {
      case 'FILE_TOO_LARGE':
        return t('tooLarge')
      case 'STORAGE_FULL':
        return t('storageFull')
      case 'HASH_DIFFERS':
        return t('hashDiffers')
      case 'NO_MANIFEST':
        return t('noManifest')
      case 'SIGNED_OUT':
      case 'NOT_ALLOWED':
      case 'NOT_FOUND':
      case 'UNREACHABLE':
        return refusals(code)
      default:
        return refusals('UNEXPECTED')
    }
  }
}
