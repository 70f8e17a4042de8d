'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { TextField } from '@facetgrade/ui/field'
import { useToast } from '@facetgrade/ui/toast'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useMe } from '../shell/session-gate.tsx'
import { signInClient } from '../shell/sign-in-client.ts'
import { useTRPCClient } from '../shell/trpc.ts'
import styles from './account.module.css'
import { EnrolCodes } from './enrol-codes.tsx'
import { type StrongProof, StrongProofDialog } from './proof-dialog.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { withTicket } from './ticket-header.ts'
import { useRefreshMe } from './use-refresh-me.ts'

/** One-time codes: set up, or new recovery codes for those that are. */
export function CodesCard() {
  const t = useTranslations('account')
  const toast = useToast()
  const client = useTRPCClient()
  const refreshMe = useRefreshMe()
  const { hasTotp } = useMe().factors
  const [isProving, setIsProving] = useState(false)
  const [ticket, setTicket] = useState<string>()

  const prove = async (proof: StrongProof) => setTicket((await client.people.reauthenticate.mutate({ proof })).ticket)
  const finish = () => {
    setTicket(undefined)
    toast(t('codesDone'), 'good')
    void refreshMe()
  }
  return (
    <Card title={t('codes')}>
      <p className={styles['note']}>{hasTotp ? t('codesOn') : t('codesOff')}</p>
      {ticket === undefined ? (
        <div>
          <Button onClick={() => setIsProving(true)}>{hasTotp ? t('newRecoveryCodes') : t('setUpCodes')}</Button>
        </div>
      ) : hasTotp ? (
        <NewRecoveryCodes ticket={ticket} onDone={() => setTicket(undefined)} />
      ) : (
        <EnrolCodes ticket={ticket} onDone={finish} />
      )}
      <StrongProofDialog
        isOpen={isProving}
        onOpenChange={setIsProving}
        title={t('proveTitle')}
        description={t('proveText')}
        confirmLabel={t('confirm')}
        onProof={prove}
      />
    </Card>
  )
}

function NewRecoveryCodes({ ticket, onDone }: { ticket: string; onDone: () => void }) {
  const t = useTranslations('account')
  const [password, setPassword] = useState('')
  const [codes, setCodes] = useState<readonly string[]>()
  const [problem, setProblem] = useState<string>()
  const make = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const fetchOptions = withTicket(ticket)
      const { data, error } = await signInClient.twoFactor.generateBackupCodes({ password, fetchOptions })
      if (error) setProblem(error.status === 403 ? t('proofExpired') : t('passwordWrong'))
      else setCodes(data.backupCodes)
    } catch {
      setProblem(t('unreachable')) // the client throws only when no answer came
    }
  }
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  return (
    <form className={styles['form']} onSubmit={(event) => void make(event)}>
      <TextField
        label={t('yourPassword')}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        error={problem}
        onChange={(event) => setPassword(event.target.value)}
      />
      <div>
        <Button type="submit" variant="primary">
          {t('newRecoveryCodes')}
        </Button>
      </div>
    </form>
  )
}
