'use client'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { SelectField, TextField } from '@facetgrade/ui/field'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import styles from '../account/account.module.css'
import { textLanguage } from '../shell/locale.ts'
import { useRefusalText } from '../shell/refusal.ts'
import { type Inputs, useTRPC } from '../shell/trpc.ts'
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
  const shell = useTranslations('shell')
  const roleName = useTranslations('roles')
  const language = textLanguage(useLocale())
  const refusalText = useRefusalText()
  const trpc = useTRPC()
  const form = useId()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<MemberRole | ''>('')
  const [group, setGroup] = useState('')
  const protocol = useQuery(trpc.protocol.show.queryOptions({ studyCode }))
  const invite = useMutation(trpc.people.invite.mutationOptions())
  const groups = protocol.data?.protocol.readerGroups ?? []

  const submit = () => {
    if (role === '') return
    invite.mutate(
      { studyCode, name, email, role, readerGroup: role === 'reader' ? group : null },
      { onSuccess: (invitation) => onInvited({ ...invitation, path: invitation.path, name }) },
    )
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t('invite')}
      description={t('inviteText')}
      closeLabel={shell('cancel')}
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button type="submit" form={form} variant="primary" isBusy={invite.isPending}>
            {t('makeLink')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField
          label={t('name')}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t('email')}
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
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
        {invite.isError && (
          <p role="alert" className={styles['problem']}>
            {refusalText(invite.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
