'use client'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextAreaField } from './field.tsx'

export type ConfirmWithReasonProps = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  /** What will happen, and whether it can be undone. */
  description?: ReactNode
  children?: ReactNode
  words: { reason: string; reasonHint?: string; reasonMissing: string; confirm: string; cancel: string }
  onConfirm: (reason: string) => void
  isBusy?: boolean
  /** Why the last try was refused. */
  error?: ReactNode
  tone?: 'primary' | 'danger'
  minimumLength?: number
}

/** An act that goes into the audit trail with the person's own words. */
export function ConfirmWithReason({
  words,
  onConfirm,
  isBusy = false,
  error,
  tone = 'primary',
  minimumLength = 5,
  children,
  ...dialog
}: ConfirmWithReasonProps) {
  const [reason, setReason] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const isTooShort = reason.trim().length < minimumLength
  return (
    <Dialog
      {...dialog}
      closeLabel={words.cancel}
      footer={
        <>
          <Button onClick={() => dialog.onOpenChange(false)}>{words.cancel}</Button>
          <Button
            variant={tone}
            isBusy={isBusy}
            onClick={() => {
              setWasTried(true)
              if (!isTooShort) onConfirm(reason.trim())
            }}
          >
            {words.confirm}
          </Button>
        </>
      }
    >
      {children}
      <TextAreaField
        label={words.reason}
        {...(words.reasonHint === undefined ? {} : { hint: words.reasonHint })}
        required
        rows={3}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        error={wasTried && isTooShort ? words.reasonMissing : error}
      />
    </Dialog>
  )
}
