'use client'
import { CheckboxField } from '@facetgrade/ui/field'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { InvitationDialog } from '../members/invitation-dialog.tsx'
import type { GivenInvitation } from '../members/invitation-link.tsx'
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
  const [isAdministrator, setIsAdministrator] = useState(false)
  const invite = useMutation(useTRPC().people.inviteAccount.mutationOptions())
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
      onSubmit={({ name, email }) =>
        invite.mutate(
          { name, email, isAdministrator },
          { onSuccess: (invitation) => onInvited({ ...invitation, path: invitation.path, name }) },
        )
      }
    >
      <CheckboxField
        label={t('asAdministrator')}
        hint={t('asAdministratorHint')}
        checked={isAdministrator}
        onChange={(event) => setIsAdministrator(event.target.checked)}
      />
    </InvitationDialog>
  )
}
