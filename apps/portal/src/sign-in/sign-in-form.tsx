'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { TextField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { signInClient } from '../shell/sign-in-client.ts'
import styles from './sign-in.module.css'
import { type SignInProblem, signInProblem } from './sign-in-problem.ts'

type Stage = 'password' | 'code' | 'recovery'
type Answer = { error: { status: number; code?: string | undefined } | null }

/** Passkey, or password and then a one-time or recovery code. Calls `onSignedIn` with a session in the cookie. */
export function SignInForm({ email: knownEmail, onSignedIn }: { email?: string; onSignedIn: () => void }) {
  const t = useTranslations('signIn')
  const [stage, setStage] = useState<Stage>('password')
  const [email, setEmail] = useState(knownEmail ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<SignInProblem>()
  const [isBusy, setIsBusy] = useState(false)

  const attempt = async (work: () => Promise<Answer>, onDone: () => void, refused: SignInProblem) => {
    setProblem(undefined)
    setIsBusy(true)
    try {
      const { error } = await work()
      if (error) setProblem(signInProblem(error, refused))
      else onDone()
    } catch {
      setProblem('unreachable') // the client throws only when no answer came
    } finally {
      setIsBusy(false)
    }
  }
  const toStage = (next: Stage) => {
    setProblem(undefined)
    setCode('')
    setStage(next)
  }
  const withPassword = (event: FormEvent) => {
    event.preventDefault()
    let needsCode = false
    const work = async (): Promise<Answer> => {
      const { data, error } = await signInClient.signIn.email({ email, password })
      needsCode = data !== null && 'twoFactorRedirect' in data
      return { error }
    }
    void attempt(work, () => (needsCode ? toStage('code') : onSignedIn()), 'wrongPassword')
  }
  const withCode = (event: FormEvent) => {
    event.preventDefault()
    const verify = stage === 'recovery' ? signInClient.twoFactor.verifyBackupCode : signInClient.twoFactor.verifyTotp
    void attempt(() => verify({ code: code.trim() }), onSignedIn, 'wrongCode')
  }
  const withPasskey = () => {
    if (!('PublicKeyCredential' in window)) return setProblem('passkeyAbsent')
    void attempt(() => signInClient.signIn.passkey(), onSignedIn, 'passkeyFailed')
  }

  if (stage === 'password')
    return (
      <Stack>
        {problem !== undefined && <Problem problem={problem} />}
        <Button variant="primary" isBusy={isBusy} onClick={withPasskey}>
          {t('withPasskey')}
        </Button>
        <div className={styles['or']}>{t('or')}</div>
        <form className={styles['form']} onSubmit={withPassword}>
          <TextField
            label={t('email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            readOnly={knownEmail !== undefined}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <TextField
            label={t('password')}
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" isBusy={isBusy}>
            {t('withPassword')}
          </Button>
        </form>
        <p className={styles['lost']}>{t('lost')}</p>
      </Stack>
    )
  const isRecovery = stage === 'recovery'
  return (
    <form className={styles['form']} onSubmit={withCode}>
      {problem !== undefined && <Problem problem={problem} />}
      <TextField
        key={stage}
        label={isRecovery ? t('recoveryCode') : t('code')}
        hint={isRecovery ? t('recoveryHint') : t('codeHint')}
        name="code"
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person came to this step to type this one thing
        autoFocus
        required
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {t('verify')}
      </Button>
      <Button variant="quiet" onClick={() => toStage(isRecovery ? 'code' : 'recovery')}>
        {isRecovery ? t('useCode') : t('useRecovery')}
      </Button>
      <Button variant="quiet" onClick={() => toStage('password')}>
        {t('back')}
      </Button>
    </form>
  )
}

function Problem({ problem }: { problem: SignInProblem }) {
  const t = useTranslations('signIn')
  return (
    <div role="alert">
      <Banner tone="danger">{t(problem)}</Banner>
    </div>
  )
}
