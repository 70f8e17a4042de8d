'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Stack } from '@facetgrade/ui/stack'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import styles from '../account/account.module.css'
import { addPasskey, type PasskeyOutcome } from '../account/add-passkey.ts'
import { EnrolCodes } from '../account/enrol-codes.tsx'
import { signInClient } from '../shell/sign-in-client.ts'

/** The first second factor: a passkey, or one-time codes. `onDone` with a session that has used it. */
export function EnrolFactor({ password, onDone }: { password?: string; onDone: () => void }) {
  const t = useTranslations('invitation')
  const account = useTranslations('account')
  const [isCodes, setIsCodes] = useState(false)
  const [outcome, setOutcome] = useState<Exclude<PasskeyOutcome, 'added'> | 'unreachable'>()
  const [isBusy, setIsBusy] = useState(false)

  const withPasskey = async () => {
    setOutcome(undefined)
    setIsBusy(true)
    try {
      const added = await addPasskey(t('firstPasskey'))
      if (added !== 'added') return setOutcome(added)
      // The session before it was the password's alone; one more touch makes it a full one.
      const { error } = await signInClient.signIn.passkey()
      if (error) return setOutcome('cancelled')
      onDone()
    } catch {
      setOutcome('unreachable') // the client throws only when no answer came
    } finally {
      setIsBusy(false)
    }
  }
  if (isCodes)
    return (
      <Stack>
        <EnrolCodes {...(password === undefined ? {} : { password })} onDone={onDone} />
        <Button variant="quiet" onClick={() => setIsCodes(false)}>
          {t('passkeyInstead')}
        </Button>
      </Stack>
    )
  return (
    <Stack>
      <p>{t('factorText')}</p>
      {outcome !== undefined && (
        <div role="alert">
          <Banner tone="danger">
            {outcome === 'unreachable' ? account('unreachable') : account(`passkeyOutcomes.${outcome}`)}
          </Banner>
        </div>
      )}
      <Button variant="primary" isBusy={isBusy} onClick={() => void withPasskey()}>
        {t('makePasskey')}
      </Button>
      <p className={styles['note']}>{t('passkeyNote')}</p>
      <Button onClick={() => setIsCodes(true)}>{t('codesInstead')}</Button>
      <p className={styles['note']}>{t('codesNote')}</p>
    </Stack>
  )
}
