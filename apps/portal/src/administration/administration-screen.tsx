'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Button } from '@facetgrade/ui/button'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Row } from '@facetgrade/ui/stack'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { type GivenInvitation, InvitationLink } from '../members/invitation-link.tsx'
import { Header } from '../shell/header.tsx'
import { useKeyset } from '../shell/keyset.ts'
import { OfficeMain } from '../shell/office-frame.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useMe } from '../shell/session-gate.tsx'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { Appoint } from './appoint.tsx'
import { InviteAccount } from './invite-account.tsx'

type Account = Outputs['people']['accounts'][number]

/** The people of the installation. An administrator sees accounts, and nothing of any study by that office. */
export function AdministrationScreen() {
  const t = useTranslations('administration')
  const me = useMe()
  return (
    <>
      <Header />
      <OfficeMain>
        {me.isAdministrator ? <Accounts /> : <EmptyState title={t('notYoursTitle')}>{t('notYoursText')}</EmptyState>}
      </OfficeMain>
    </>
  )
}

function Accounts() {
  const t = useTranslations('administration')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const toast = useToast()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<'invite' | 'appoint'>()
  const [given, setGiven] = useState<GivenInvitation>()
  const [resetting, setResetting] = useState<Account>()
  const { query, rows, more } = useKeyset({
    queryKey: [...trpc.people.accounts.queryKey({}), 'pages'],
    page: (at) => client.people.accounts.query(at),
    keyOf: (account) => account.userId,
  })
  const refresh = () => queryClient.invalidateQueries(trpc.people.accounts.pathFilter())
  const again = useMutation(
    trpc.people.inviteAccountAgain.mutationOptions({ onError: (error) => toast(refusalText(error), 'danger') }),
  )
  const reset = useMutation(
    trpc.people.resetSecondFactor.mutationOptions({
      onSuccess: () => {
        setResetting(undefined)
        toast(t('resetDone'), 'good')
        return refresh()
      },
    }),
  )
  const columns = useColumns({
    onAgain: (account) =>
      again.mutate(
        { userId: account.userId },
        { onSuccess: (invitation) => setGiven({ ...invitation, path: invitation.path, name: account.name }) },
      ),
    onReset: setResetting,
  })
  const onInvited = (invitation: GivenInvitation) => {
    setOpen(undefined)
    setGiven(invitation)
    void refresh()
  }
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <>
            <Button onClick={() => setOpen('appoint')}>{t('appoint')}</Button>
            <Button variant="primary" onClick={() => setOpen('invite')}>
              {t('invite')}
            </Button>
          </>
        }
      />
      {query.isPending && <LoadingState label={shell('loading')} />}
      {query.isError && (
        <ErrorState title={shell('cannotLoad')} retry={{ label: shell('retry'), onRetry: () => void query.refetch() }}>
          {refusalText(query.error)}
        </ErrorState>
      )}
      {query.isSuccess && (
        <Table
          caption={t('people')}
          columns={columns}
          rows={rows}
          rowKey={(account) => account.userId}
          more={more && { ...more, label: shell('more') }}
        />
      )}
      {open === 'invite' && <InviteAccount onClose={() => setOpen(undefined)} onInvited={onInvited} />}
      {open === 'appoint' && <Appoint onClose={() => setOpen(undefined)} onInvited={onInvited} />}
      <InvitationLink invitation={given} onClose={() => setGiven(undefined)} />
      {resetting && (
        <ConfirmWithReason
          isOpen
          onOpenChange={() => setResetting(undefined)}
          title={t('resetTitle', { name: resetting.name })}
          description={t('resetText')}
          tone="danger"
          words={{
            reason: shell('reason'),
            reasonHint: t('resetReasonHint'),
            reasonMissing: shell('reasonMissing'),
            confirm: t('reset'),
            cancel: shell('cancel'),
          }}
          isBusy={reset.isPending}
          error={reset.isError ? refusalText(reset.error) : undefined}
          onConfirm={(reason) => reset.mutate({ userId: resetting.userId, reason })}
        />
      )}
    </>
  )
}

function useColumns(acts: {
  onAgain: (account: Account) => void
  onReset: (account: Account) => void
}): Column<Account>[] {
  const t = useTranslations('administration')
  const format = useFormatter()
  const me = useMe()
  return [
    { id: 'name', header: t('name'), isRowHeader: true, cell: (account) => account.name },
    { id: 'email', header: t('email'), cell: (account) => account.email },
    {
      id: 'office',
      header: t('office'),
      cell: (account) => account.isAdministrator && <Badge tone="accent">{t('administrator')}</Badge>,
    },
    { id: 'factors', header: t('factors'), cell: (account) => <Factors account={account} /> },
    {
      id: 'since',
      header: t('since'),
      cell: (account) => format.dateTime(new Date(account.createdAt), { dateStyle: 'medium' }),
    },
    {
      id: 'acts',
      header: t('acts'),
      cell: (account) => (
        <Row>
          {!account.hasAccepted && (
            <Button size="small" onClick={() => acts.onAgain(account)}>
              {t('newLink')}
            </Button>
          )}
          {account.hasAccepted && account.userId !== me.userId && (
            <Button
              size="small"
              aria-label={t('resetNamed', { name: account.name })}
              onClick={() => acts.onReset(account)}
            >
              {t('reset')}
            </Button>
          )}
        </Row>
      ),
    },
  ]
}

function Factors({ account }: { account: Account }) {
  const t = useTranslations('administration')
  const { passkeys, hasTotp } = account.factors
  if (!account.hasAccepted) return <Badge tone="warning">{t('invited')}</Badge>
  const kinds = [passkeys.length > 0 && t('passkeys', { count: passkeys.length }), hasTotp && t('codes')].filter(
    (kind) => kind !== false,
  )
  return kinds.length === 0 ? <Badge tone="danger">{t('noFactor')}</Badge> : <>{kinds.join(' · ')}</>
}
