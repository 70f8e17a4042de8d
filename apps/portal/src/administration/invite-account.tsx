'use client'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { CheckboxField, TextField } from '@facetgrade/ui/field'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import styles from '../account/account.module.css'
import type { GivenInvitation } from '../members/invitation-link.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC } from '../shell/trpc.ts'

/** An account without a study yet, or a fellow administrator. */
export function InviteAccount({
  onClose,
  onInvited,
}: {
  onClose: () => void
  onInvited: (invitation: GivenInvitation) => void
}) {
  const t = useTranslations('administration')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const form = useId()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [isAdministrator, setIsAdministrator] = useState(false)
  const invite = useMutation(useTRPC().people.inviteAccount.mutationOptions())
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
          invite.mutate(
            { name, email, isAdministrator },
            { onSuccess: (invitation) => onInvited({ ...invitation, path: invitation.path, name }) },
          )
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
          error={invite.isError ? refusalText(invite.error) : undefined}
          onChange={(event) => setEmail(event.target.value)}
        />
        <CheckboxField
          label={t('asAdministrator')}
          hint={t('asAdministratorHint')}
          checked={isAdministrator}
          onChange={(event) => setIsAdministrator(event.target.checked)}
        />
      </form>
    </Dialog>
  )
}
