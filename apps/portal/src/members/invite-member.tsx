'use client'
import { SelectField } from '@facetgrade/ui/field'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { textLanguage } from '../shell/locale.ts'
import { type Inputs, useTRPC } from '../shell/trpc.ts'
import { InvitationDialog, type InvitedPerson } from './invitation-dialog.tsx'
import type { GivenInvitation } from './invitation-link.tsx'

export type MemberRole = Inputs['people']['invite']['role']
export const MEMBER_ROLES = [
  'investigator',
  'coordinator',
  'reader',
  'statistician',
  'modeller',
  'monitor',
] as const satisfies readonly MemberRole[]

/** A person and their role; a reader's group comes from the protocol and gives the code. */
export function InviteMember({
  studyCode,
  onClose,
  onInvited,
}: {
  studyCode: string
  onClose: () => void
  onInvited: (invitation: GivenInvitation) => void
}) {
  const t = useTranslations('members')
  const roleName = useTranslations('roles')
  const language = textLanguage(useLocale())
  const trpc = useTRPC()
  const [role, setRole] = useState<MemberRole | ''>('')
  const [group, setGroup] = useState('')
  const protocol = useQuery(trpc.protocol.show.queryOptions({ studyCode }))
  const invite = useMutation(trpc.people.invite.mutationOptions())
  const groups = protocol.data?.protocol.readerGroups ?? []

  const submit = ({ name, email }: InvitedPerson) => {
    if (role === '') return
    invite.mutate(
      { studyCode, name, email, role, readerGroup: role === 'reader' ? group : null },
      { onSuccess: (invitation) => onInvited({ ...invitation, path: invitation.path, name }) },
    )
  }
  return (
    <InvitationDialog
      words={{
        title: t('invite'),
        description: t('inviteText'),
        name: t('name'),
        email: t('email'),
        submit: t('makeLink'),
      }}
      request={invite}
      onClose={onClose}
      onSubmit={submit}
    >
      <SelectField
        label={t('role')}
        required
        placeholder={t('chooseRole')}
        value={role}
        options={MEMBER_ROLES.map((value) => ({ value, label: roleName(value) }))}
        onChange={(event) => setRole(MEMBER_ROLES.find((known) => known === event.target.value) ?? '')}
        {...(role === '' ? {} : { hint: t(`duties.${role}`) })}
      />
      {role === 'reader' && (
        <SelectField
          label={t('group')}
          hint={t('groupHint')}
          required
          placeholder={t('chooseGroup')}
          value={group}
          options={groups.map((rule) => ({
            value: rule.name,
            label: `${rule.label[language]} (${rule.codePrefix}…)`,
          }))}
          onChange={(event) => setGroup(event.target.value)}
        />
      )}
    </InvitationDialog>
  )
}
