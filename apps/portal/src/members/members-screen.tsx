'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Button } from '@facetgrade/ui/button'
import { ConfirmWithReason } from '@facetgrade/ui/confirm-with-reason'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Row } from '@facetgrade/ui/stack'
import { ErrorState, LoadingState } from '@facetgrade/ui/state'
import { type Column, Table } from '@facetgrade/ui/table'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useKeyset } from '../shell/keyset.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { useHasRole } from '../shell/study-frame.tsx'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import { type GivenInvitation, InvitationLink } from './invitation-link.tsx'
import { InviteMember } from './invite-member.tsx'

type Member = Outputs['people']['members'][number]

/** Who has which role in the study, and inviting and ending for those who may. */
export function MembersScreen({ studyCode }: { studyCode: string }) {
  const t = useTranslations('members')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const toast = useToast()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const mayChange = useHasRole('investigator')
  const [isInviting, setIsInviting] = useState(false)
  const [given, setGiven] = useState<GivenInvitation>()
  const [ending, setEnding] = useState<Member>()
  const { query, rows, more } = useKeyset({
    queryKey: [...trpc.people.members.queryKey({ studyCode }), 'pages'],
    page: (at) => client.people.members.query({ studyCode, ...at }),
    keyOf: (member) => member.memberId,
  })
  const refresh = () => queryClient.invalidateQueries(trpc.people.members.pathFilter())
  const inviteAgain = useMutation(
    trpc.people.inviteAgain.mutationOptions({ onError: (error) => toast(refusalText(error), 'danger') }),
  )
  const end = useMutation(
    trpc.people.endMembership.mutationOptions({
      onSuccess: () => {
        setEnding(undefined)
        return refresh()
      },
    }),
  )
  const columns = useColumns(
    mayChange
      ? {
          onAgain: (member) =>
            inviteAgain.mutate(
              { studyCode, memberId: member.memberId },
              { onSuccess: (invitation) => setGiven({ ...invitation, path: invitation.path, name: member.name }) },
            ),
          onEnd: setEnding,
        }
      : undefined,
  )
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          mayChange && (
            <Button variant="primary" onClick={() => setIsInviting(true)}>
              {t('invite')}
            </Button>
          )
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
          caption={t('title')}
          isCaptionHidden
          columns={columns}
          rows={rows}
          rowKey={(member) => member.memberId}
          more={more && { ...more, label: shell('more') }}
        />
      )}
      {isInviting && (
        <InviteMember
          studyCode={studyCode}
          onClose={() => setIsInviting(false)}
          onInvited={(invitation) => {
            setIsInviting(false)
            setGiven(invitation)
            void refresh()
          }}
        />
      )}
      <InvitationLink invitation={given} onClose={() => setGiven(undefined)} />
      {ending && (
        <ConfirmWithReason
          isOpen
          onOpenChange={() => setEnding(undefined)}
          title={t('endTitle', { name: ending.name })}
          description={t('endText')}
          tone="danger"
          words={{
            reason: shell('reason'),
            reasonHint: shell('reasonHint'),
            reasonMissing: shell('reasonMissing'),
            confirm: t('end'),
            cancel: shell('cancel'),
          }}
          isBusy={end.isPending}
          error={end.isError ? refusalText(end.error) : undefined}
          onConfirm={(reason) => end.mutate({ studyCode, memberId: ending.memberId, reason })}
        />
      )}
    </>
  )
}

type Acts = { onAgain: (member: Member) => void; onEnd: (member: Member) => void }

function useColumns(acts: Acts | undefined): Column<Member>[] {
  const t = useTranslations('members')
  const roleName = useTranslations('roles')
  const format = useFormatter()
  const columns: Column<Member>[] = [
    { id: 'name', header: t('name'), isRowHeader: true, cell: (member) => member.name },
    { id: 'email', header: t('email'), cell: (member) => member.email },
    { id: 'role', header: t('role'), cell: (member) => roleName(member.role) },
    {
      id: 'reader',
      header: t('reader'),
      cell: (member) => (member.readerCode === null ? '' : `${member.readerCode} · ${member.readerGroup ?? ''}`),
    },
    { id: 'state', header: t('state'), cell: (member) => <MemberState member={member} /> },
    {
      id: 'since',
      header: t('since'),
      cell: (member) => format.dateTime(new Date(member.createdAt), { dateStyle: 'medium' }),
    },
  ]
  if (!acts) return columns
  const buttons = (member: Member) =>
    member.endedAt === null && (
      <Row>
        {!member.hasAccepted && (
          <Button size="small" onClick={() => acts.onAgain(member)}>
            {t('newLink')}
          </Button>
        )}
        <Button size="small" aria-label={t('endNamed', { name: member.name })} onClick={() => acts.onEnd(member)}>
          {t('end')}
        </Button>
      </Row>
    )
  return [...columns, { id: 'acts', header: t('acts'), cell: buttons }]
}

function MemberState({ member }: { member: Member }) {
  const t = useTranslations('members')
  if (member.endedAt !== null) return <Badge>{t('states.ended')}</Badge>
  return member.hasAccepted ? (
    <Badge tone="good">{t('states.active')}</Badge>
  ) : (
    <Badge tone="warning">{t('states.invited')}</Badge>
  )
}
