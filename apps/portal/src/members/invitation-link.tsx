'use client'
import { Button } from '@facetgrade/ui/button'
import { CopyText } from '@facetgrade/ui/copy-text'
import { Dialog } from '@facetgrade/ui/dialog'
import { useTranslations } from 'next-intl'

export type GivenInvitation = { name: string; path: string | undefined; expiresInHours: number }

/** The one-time link, shown once; or that none is needed because the person has an account. */
export function InvitationLink({
  invitation,
  onClose,
}: {
  invitation: GivenInvitation | undefined
  onClose: () => void
}) {
  const t = useTranslations('members')
  const shell = useTranslations('shell')
  const words = { copy: shell('copy'), copied: shell('copied'), failed: shell('copyFailed') }
  const name = invitation?.name ?? ''
  return (
    <Dialog
      isOpen={invitation !== undefined}
      onOpenChange={onClose}
      title={invitation?.path === undefined ? t('roleGivenTitle', { name }) : t('linkTitle', { name })}
      description={
        invitation?.path === undefined
          ? t('roleGivenText')
          : t('linkText', { days: Math.round(invitation.expiresInHours / 24) })
      }
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('linkDone')}
        </Button>
      }
    >
      {invitation?.path !== undefined && (
        <CopyText label={t('link')} text={`${window.location.origin}${invitation.path}`} words={words} />
      )}
    </Dialog>
  )
}
