'use client'
import { SelectField, TextField } from '@facetgrade/ui/field'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { InvitationDialog } from '../members/invitation-dialog.tsx'
import type { GivenInvitation } from '../members/invitation-link.tsx'
import { MEMBER_ROLES, type MemberRole } from '../members/invite-member.tsx'
import { useTRPC } from '../shell/trpc.ts'

/** A role in any study, readers excepted: their groups are in the protocol, which this office does not see. */
export function Appoint({
  onClose,
  onInvited,
}: {
  onClose: () => void
  onInvited: (invitation: GivenInvitation) => void
}) {
  const t = useTranslations('administration')
  const roleName = useTranslations('roles')
  const [studyCode, setStudyCode] = useState('')
  const [role, setRole] = useState<MemberRole>('investigator')
  const appoint = useMutation(useTRPC().people.appoint.mutationOptions())
  return (
    <InvitationDialog
      words={{
        title: t('appoint'),
        description: t('appointText'),
        name: t('name'),
        email: t('email'),
        submit: t('appointNow'),
      }}
      request={appoint}
      onClose={onClose}
      onSubmit={({ name, email }) =>
        appoint.mutate(
          { studyCode, name, email, role },
          { onSuccess: (invitation) => onInvited({ ...invitation, path: invitation.path, name }) },
        )
      }
      before={
        <TextField
          label={t('studyCode')}
          required
          maxLength={24}
          value={studyCode}
          onChange={(event) => setStudyCode(event.target.value)}
        />
      }
    >
      <SelectField
        label={t('role')}
        value={role}
        options={MEMBER_ROLES.filter((value) => value !== 'reader').map((value) => ({
          value,
          label: roleName(value),
        }))}
        onChange={(event) => setRole(MEMBER_ROLES.find((known) => known === event.target.value) ?? 'investigator')}
      />
    </InvitationDialog>
  )
}
