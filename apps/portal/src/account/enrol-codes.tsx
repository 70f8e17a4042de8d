'use client'
import { Button } from '@facetgrade/ui/button'
import { TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { toDataURL } from 'qrcode'
import { type FormEvent, useState } from 'react'
import { signInClient } from '../shell/sign-in-client.ts'
import styles from './account.module.css'
import { RecoveryCodes } from './recovery-codes.tsx'
import { withTicket } from './ticket-header.ts'

type Started = { uri: string; picture: string; recoveryCodes: readonly string[] }
type Props = {
  /** Known while an invitation is being accepted; otherwise the person types it. */
  password?: string
  /** Needed when the person has a factor already. */
  ticket?: string
  onDone: () => void
}

/** One-time codes: password, picture for the authenticator app, a first code, then the recovery codes. */
export function EnrolCodes({ password: knownPassword, ticket, onDone }: Props) {
  const t = useTranslations('account')
  const [password, setPassword] = useState(knownPassword ?? '')
  const [started, setStarted] = useState<Started>()
  const [code, setCode] = useState('')
  const [isVerified, setIsVerified] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  const attempt = async (work: () => Promise<void>) => {
    setProblem(undefined)
    setIsBusy(true)
    try {
      await work()
    } catch {
      setProblem(t('unreachable')) // the client throws only when no answer came
    } finally {
      setIsBusy(false)
    }
  }
  const start = async () => {
    const { data, error } = await signInClient.twoFactor.enable({ password, fetchOptions: withTicket(ticket) })
    if (error) return setProblem(error.status === 403 ? t('proofExpired') : t('passwordWrong'))
    if (data && 'totpURI' in data)
      setStarted({
        uri: data.totpURI,
        picture: await toDataURL(data.totpURI, { margin: 1 }),
        recoveryCodes: data.backupCodes,
      })
  }
  const verify = async () => {
    const { error } = await signInClient.twoFactor.verifyTotp({ code: code.trim() })
    if (error) return setProblem(t('codeWrong'))
    setIsVerified(true)
  }
  const submit = (work: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault()
    void attempt(work)
  }

  if (!started)
    return (
      <form className={styles['form']} onSubmit={submit(start)}>
        {knownPassword === undefined && (
          <TextField
            label={t('yourPassword')}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={problem}
          />
        )}
        {knownPassword !== undefined && problem !== undefined && (
          <p role="alert" className={styles['problem']}>
            {problem}
          </p>
        )}
        <Button type="submit" variant="primary" isBusy={isBusy}>
          {t('setUpCodes')}
        </Button>
      </form>
    )
  if (isVerified) return <RecoveryCodes codes={started.recoveryCodes} onDone={onDone} />
  return (
    <form className={styles['form']} onSubmit={submit(verify)}>
      <p>{t('scanPicture')}</p>
      {/* oxlint-disable-next-line nextjs/no-img-element -- made in the browser from a secret; nothing to optimise or fetch */}
      <img className={styles['qr']} src={started.picture} alt={t('pictureAlt')} />
      <p className={styles['note']}>
        {t('orTypeSecret')} <code className={styles['secret']}>{new URL(started.uri).searchParams.get('secret')}</code>
      </p>
      <TextField
        label={t('firstCode')}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        required
        value={code}
        error={problem}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {t('verifyCode')}
      </Button>
    </form>
  )
}
