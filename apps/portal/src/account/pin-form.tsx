'use client'
import { Button } from '@facetgrade/ui/button'
import { TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import styles from './account.module.css'

/** Twice the same six to twelve digits. `onPin` settles when it is set; a thrown refusal is the caller's to show. */
export function PinForm({
  onPin,
  isBusy,
  error,
  confirmLabel,
}: {
  onPin: (pin: string) => void
  isBusy: boolean
  error?: string | undefined
  confirmLabel: string
}) {
  const t = useTranslations('account')
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [isDifferent, setIsDifferent] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsDifferent(pin !== again)
    if (pin === again) onPin(pin)
  }
  const digits = {
    type: 'password',
    inputMode: 'numeric',
    autoComplete: 'off',
    pattern: '\\d{6,12}',
    required: true,
  } as const
  return (
    <form className={styles['form']} onSubmit={submit}>
      <TextField
        {...digits}
        label={t('newPin')}
        hint={t('pinHint')}
        value={pin}
        error={error}
        onChange={(event) => setPin(event.target.value)}
      />
      <TextField
        {...digits}
        label={t('pinAgain')}
        value={again}
        error={isDifferent ? t('pinDifferent') : undefined}
        onChange={(event) => setAgain(event.target.value)}
      />
      <div>
        <Button type="submit" variant="primary" isBusy={isBusy}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
