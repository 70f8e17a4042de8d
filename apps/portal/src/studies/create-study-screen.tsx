'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { RadioField, TextField } from '@facetgrade/ui/field'
import { PageHeader } from '@facetgrade/ui/page-header'
import { EmptyState } from '@facetgrade/ui/state'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import styles from '../account/account.module.css'
import { DocumentField, type ReadDocument } from '../protocol/document-field.tsx'
import { Header } from '../shell/header.tsx'
import { OfficeMain } from '../shell/office-frame.tsx'
import { refusalOf, useRefusalText } from '../shell/refusal.ts'
import { useMe } from '../shell/session-gate.tsx'
import { type Inputs, useTRPC } from '../shell/trpc.ts'

type Kind = Inputs['studies']['create']['kind']
const KINDS = ['real', 'synthetic', 'demo'] as const satisfies readonly Kind[]

export function CreateStudyScreen() {
  const t = useTranslations('studies')
  const administration = useTranslations('administration')
  const me = useMe()
  return (
    <>
      <Header />
      <OfficeMain>
        <PageHeader title={t('create')} lead={t('createLead')} />
        {me.isAdministrator ? (
          <CreateStudyForm />
        ) : (
          <EmptyState title={administration('notYoursTitle')}>{administration('notYoursText')}</EmptyState>
        )}
      </OfficeMain>
    </>
  )
}

function CreateStudyForm() {
  const t = useTranslations('studies')
  const refusalText = useRefusalText()
  const router = useRouter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const me = useMe()
  const [code, setCode] = useState('')
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<Kind>('real')
  const [investigatorEmail, setInvestigatorEmail] = useState(me.email)
  const [source, setSource] = useState<'shipped' | 'own'>('shipped')
  const [document, setDocument] = useState<ReadDocument>()
  const create = useMutation(trpc.studies.create.mutationOptions())
  const refusal = refusalOf(create.error)?.code
  const problem = create.isError ? refusalText(create.error) : undefined
  const isMine = investigatorEmail.trim().toLowerCase() === me.email.toLowerCase()

  const submit = () => {
    if (source === 'own' && !document?.ok) return
    create.mutate(
      {
        code,
        title,
        kind,
        ...(isMine ? {} : { investigatorEmail: investigatorEmail.trim().toLowerCase() }),
        ...(source === 'own' && document?.ok ? { document: document.json } : {}),
      },
      {
        onSuccess: () => {
          void queryClient.invalidateQueries(trpc.studies.mine.pathFilter())
          router.push(isMine ? `/studies/${code}` : '/')
        },
      },
    )
  }
  return (
    <Card>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField
          label={t('code')}
          hint={t('codeHint')}
          required
          pattern="[a-z0-9](-?[a-z0-9])*"
          maxLength={24}
          value={code}
          error={refusal === 'STUDY_CODE_TAKEN' ? problem : undefined}
          onChange={(event) => setCode(event.target.value)}
        />
        <TextField
          label={t('titleLabel')}
          required
          minLength={3}
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <RadioField
          label={t('kind')}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`kinds.${value}`), hint: t(`kindHints.${value}`) }))}
          onValueChange={(value) => setKind(KINDS.find((known) => known === value) ?? 'real')}
        />
        <TextField
          label={t('investigator')}
          hint={t('investigatorHint')}
          type="email"
          required
          value={investigatorEmail}
          error={refusal === 'PERSON_UNKNOWN' ? problem : undefined}
          onChange={(event) => setInvestigatorEmail(event.target.value)}
        />
        <RadioField
          label={t('protocol')}
          value={source}
          options={[
            { value: 'shipped', label: t('protocolShipped'), hint: t('protocolShippedHint') },
            { value: 'own', label: t('protocolOwn') },
          ]}
          onValueChange={(value) => setSource(value === 'own' ? 'own' : 'shipped')}
        />
        {source === 'own' && <DocumentField onDocument={setDocument} />}
        {problem !== undefined && refusal !== 'STUDY_CODE_TAKEN' && refusal !== 'PERSON_UNKNOWN' && (
          <p role="alert" className={styles['problem']}>
            {problem}
          </p>
        )}
        <div>
          <Button type="submit" variant="primary" isBusy={create.isPending}>
            {t('create')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
