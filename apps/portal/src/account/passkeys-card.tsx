'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { TextField } from '@facetgrade/ui/field'
import { useToast } from '@facetgrade/ui/toast'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useMe } from '../shell/session-gate.tsx'
import { signInClient } from '../shell/sign-in-client.ts'
import { useTRPCClient } from '../shell/trpc.ts'
import styles from './account.module.css'
import { addPasskey } from './add-passkey.ts'
import { type StrongProof, StrongProofDialog } from './proof-dialog.tsx'
import { withTicket } from './ticket-header.ts'
import { useRefreshMe } from './use-refresh-me.ts'

type Wish = { act: 'add' } | { act: 'remove'; id: string }

/** Passkeys of this person: which there are, one more, one less. */
export function PasskeysCard() {
  const t = useTranslations('account')
  const format = useFormatter()
  const toast = useToast()
  const client = useTRPCClient()
  const refreshMe = useRefreshMe()
  const { passkeys } = useMe().factors
  const [wish, setWish] = useState<Wish>()
  const [name, setName] = useState('')

  const fulfil = async (proof: StrongProof) => {
    const { ticket } = await client.people.reauthenticate.mutate({ proof })
    if (wish?.act === 'remove') {
      const { error } = await signInClient.passkey.deletePasskey({ id: wish.id, fetchOptions: withTicket(ticket) })
      toast(error ? t('proofExpired') : t('passkeyRemoved'), error ? 'danger' : 'good')
    } else {
      const outcome = await addPasskey(name.trim(), ticket)
      if (outcome === 'added') setName('')
      toast(
        outcome === 'added' ? t('passkeyDone') : t(`passkeyOutcomes.${outcome}`),
        outcome === 'added' ? 'good' : 'danger',
      )
    }
    await refreshMe()
  }
  return (
    <Card title={t('passkeys')}>
      <p className={styles['note']}>{t('passkeysText')}</p>
      {passkeys.length === 0 && <p>{t('passkeysNone')}</p>}
      <ul className={styles['list']}>
        {passkeys.map((passkey) => (
          <li key={passkey.id}>
            <span>
              {passkey.name ?? t('passkeyUnnamed')}
              {passkey.createdAt !== null && (
                <span className={styles['note']}>
                  {' '}
                  · {t('passkeyAdded', { date: format.dateTime(new Date(passkey.createdAt), { dateStyle: 'medium' }) })}
                </span>
              )}
            </span>
            <Button
              size="small"
              aria-label={t('removePasskeyNamed', { name: passkey.name ?? t('passkeyUnnamed') })}
              onClick={() => setWish({ act: 'remove', id: passkey.id })}
            >
              {t('removePasskey')}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          setWish({ act: 'add' })
        }}
      >
        <TextField
          label={t('passkeyName')}
          hint={t('passkeyNameHint')}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div>
          <Button type="submit">{t('addPasskey')}</Button>
        </div>
      </form>
      <StrongProofDialog
        isOpen={wish !== undefined}
        onOpenChange={(isOpen) => !isOpen && setWish(undefined)}
        title={t('proveTitle')}
        description={t('proveText')}
        confirmLabel={t('confirm')}
        onProof={fulfil}
      />
    </Card>
  )
}
