'use client'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { RadioField, TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useRefusalText } from '../shell/refusal.ts'
import { useMe } from '../shell/session-gate.tsx'
import { type Inputs, useTRPCClient } from '../shell/trpc.ts'
import styles from './account.module.css'
import { hasPasskeys, passkeyProof } from './passkey-proof.ts'

export type Proof = NonNullable<Inputs['people']['createToken']['proof']>
export type StrongProof = Exclude<Proof, { method: 'pin' }>
type Method = Proof['method']

type Props<P> = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  confirmLabel: string
  /** Runs the act with the proof. A refusal is shown in the dialog, which stays open; otherwise it closes. */
  onProof: (proof: P) => Promise<unknown>
}

/** Asks a person to prove who they are before a signature: PIN, one touch of a passkey, or a one-time code. */
export function ProofDialog(props: Props<Proof>) {
  const { factors } = useMe()
  const methods: Method[] = []
  if (factors.hasPin) methods.push('pin')
  if (factors.passkeys.length > 0 && hasPasskeys()) methods.push('passkey')
  if (factors.hasTotp) methods.push('totp')
  return <OpenProofDialog {...props} methods={methods} />
}

/** The same without the PIN: before something about signing in is changed. */
export function StrongProofDialog({ onProof, ...props }: Props<StrongProof>) {
  const { factors } = useMe()
  const methods: Method[] = []
  if (factors.passkeys.length > 0 && hasPasskeys()) methods.push('passkey')
  if (factors.hasTotp) methods.push('totp')
  const strong = async (proof: Proof) => (proof.method === 'pin' ? undefined : onProof(proof))
  return <OpenProofDialog {...props} onProof={strong} methods={methods} />
}

function OpenProofDialog({
  methods,
  onProof,
  confirmLabel,
  children,
  ...dialog
}: Props<Proof> & { methods: readonly Method[] }) {
  const t = useTranslations('account')
  const shell = useTranslations('shell')
  const [chosen, setChosen] = useState<Method>()
  const [secret, setSecret] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const refusalText = useRefusalText()
  const client = useTRPCClient()
  const method = chosen ?? methods[0]

  const toProof = async (): Promise<Proof | undefined> => {
    if (method === 'passkey') return passkeyProof(await client.people.passkeyChallenge.mutate())
    return method === 'pin' ? { method, pin: secret.trim() } : { method: 'totp', code: secret.trim() }
  }
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    setProblem(undefined)
    setIsBusy(true)
    try {
      const proof = await toProof()
      if (!proof) return setProblem(t('passkeyCancelled'))
      await onProof(proof)
      dialog.onOpenChange(false)
    } catch (error) {
      setProblem(refusalText(error))
    } finally {
      setIsBusy(false)
      setSecret('')
    }
  }
  return (
    <Dialog {...dialog} closeLabel={shell('cancel')}>
      {children}
      {method === undefined ? (
        <p>{t('nothingToProveWith')}</p>
      ) : (
        <form className={styles['form']} onSubmit={(event) => void confirm(event)}>
          {methods.length > 1 && (
            <RadioField
              label={t('proveWith')}
              value={method}
              onValueChange={(value) => {
                setChosen(methods.find((candidate) => candidate === value))
                setProblem(undefined)
              }}
              options={methods.map((candidate) => ({ value: candidate, label: t(`methods.${candidate}`) }))}
            />
          )}
          {method === 'passkey' ? (
            problem !== undefined && (
              <p role="alert" className={styles['problem']}>
                {problem}
              </p>
            )
          ) : (
            <TextField
              key={method}
              label={t(`methods.${method}`)}
              type={method === 'pin' ? 'password' : 'text'}
              inputMode="numeric"
              autoComplete={method === 'pin' ? 'off' : 'one-time-code'}
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- signing takes seconds, thousands of times
              autoFocus
              required
              pattern="\d{6,12}"
              value={secret}
              error={problem}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
          <div className={styles['buttons']}>
            <Button onClick={() => dialog.onOpenChange(false)}>{shell('cancel')}</Button>
            <Button type="submit" variant="primary" isBusy={isBusy}>
              {confirmLabel}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
