'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { TextField } from '@facetgrade/ui/field'
import { useToast } from '@facetgrade/ui/toast'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useMe } from '../shell/session-gate.tsx'
import { useTRPCClient } from '../shell/trpc.ts'
import styles from './account.module.css'
import { NewPasswordField } from './new-password-field.tsx'
import { type StrongProof, StrongProofDialog } from './proof-dialog.tsx'

export function PasswordCard() {
  const t = useTranslations('account')
  const toast = useToast()
  const client = useTRPCClient()
  const me = useMe()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [isDifferent, setIsDifferent] = useState(false)
  const [isProving, setIsProving] = useState(false)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsDifferent(password !== again)
    setIsProving(password === again)
  }
  const change = async (proof: StrongProof) => {
    await client.people.changePassword.mutate({ password, proof })
    setPassword('')
    setAgain('')
    toast(t('passwordChanged'), 'good')
  }
  return (
    <Card title={t('password')}>
      <form className={styles['form']} onSubmit={submit}>
        <NewPasswordField value={password} onValueChange={setPassword} person={me} />
        <TextField
          label={t('passwordAgain')}
          type="password"
          autoComplete="new-password"
          required
          value={again}
          error={isDifferent ? t('passwordDifferent') : undefined}
          onChange={(event) => setAgain(event.target.value)}
        />
        <div>
          <Button type="submit">{t('changePassword')}</Button>
        </div>
      </form>
      <StrongProofDialog
        isOpen={isProving}
        onOpenChange={setIsProving}
        title={t('proveTitle')}
        description={t('proveText')}
        confirmLabel={t('confirm')}
        onProof={change}
      />
    </Card>
  )
}
