'use client'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { type ReactNode, useId, useState } from 'react'
import styles from '../account/account.module.css'
import { useRefusalText } from '../shell/refusal.ts'

export type InvitedPerson = { name: string; email: string }
type InvitationDialogProps = {
  words: { title: string; description: string; name: string; email: string; submit: string }
  request: { isPending: boolean; error: unknown }
  onClose: () => void
  onSubmit: (person: InvitedPerson) => void
  /** Fields before the person's name, and after the address. */
  before?: ReactNode
  children: ReactNode
}

/** Name and address of a person, with what this invitation asks besides; the refusal stands under the fields. */
export function InvitationDialog({ words, request, onClose, onSubmit, before, children }: InvitationDialogProps) {
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const form = useId()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={words.title}
      description={words.description}
      closeLabel={shell('cancel')}
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button type="submit" form={form} variant="primary" isBusy={request.isPending}>
            {words.submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit({ name, email })
        }}
      >
        {before}
        <TextField
          label={words.name}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={words.email}
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        {children}
        {request.error !== null && (
          <p role="alert" className={styles['problem']}>
            {refusalText(request.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
