'use client'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { SelectField, TextField } from '@facetgrade/ui/field'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import styles from '../account/account.module.css'
import type { GivenInvitation } from '../members/invitation-link.tsx'
import { MEMBER_ROLES, type MemberRole } from '../members/invite-member.tsx'
import { useRefusalText } from '../shell/refusal.ts'
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
  const shell = useTranslations('shell')
  const roleName = useTranslations('roles')
  const refusalText = useRefusalText()
  const form = useId()
  const [studyCode, setStudyCode] = useState('')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<MemberRole>('investigator')
  const appoint = useMutation(useTRPC().people.appoint.mutationOptions())
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={t('appoint')}
      description={t('appointText')}
      closeLabel={shell('cancel')}
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button type="submit" form={form} variant="primary" isBusy={appoint.isPending}>
            {t('appointNow')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          appoint.mutate(
            { studyCode, name, email, role },
            { onSuccess: (invitation) => onInvited({ ...invitation, path: invitation.path, name }) },
          )
        }}
      >
        <TextField
          label={t('studyCode')}
          required
          maxLength={24}
          value={studyCode}
          onChange={(event) => setStudyCode(event.target.value)}
        />
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
          value={role}
          options={MEMBER_ROLES.filter((value) => value !== 'reader').map((value) => ({
            value,
            label: roleName(value),
          }))}
          onChange={(event) => setRole(MEMBER_ROLES.find((known) => known === event.target.value) ?? 'investigator')}
        />
        {appoint.isError && (
          <p role="alert" className={styles['problem']}>
            {refusalText(appoint.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
