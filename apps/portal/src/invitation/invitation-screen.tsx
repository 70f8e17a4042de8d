'use client'
import { Button } from '@facetgrade/ui/button'
import { TextField } from '@facetgrade/ui/field'
import { ErrorState } from '@facetgrade/ui/state'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import styles from '../account/account.module.css'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { Loaded } from '../shell/loaded.tsx'
import { refusalOf, useRefusalText } from '../shell/refusal.ts'
import { signInClient } from '../shell/sign-in-client.ts'
import { type Outputs, useTRPC } from '../shell/trpc.ts'
import { EntryPanel } from '../sign-in/entry-panel.tsx'
import { ChoosePin } from './choose-pin.tsx'
import { EnrolFactor } from './enrol-factor.tsx'

type Stage = { name: 'account' } | { name: 'factor'; password: string } | { name: 'pin' }
/** A second link opened in the same tab changes the fragment alone; the page is not loaded again. */
const onOtherLink = (listener: () => void) => {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** From the one-time link to a session with a second factor. The secret is the address's fragment; no server logs it. */
export function InvitationScreen() {
  const t = useTranslations('invitation')
  const secret = useSyncExternalStore(
    onOtherLink,
    () => window.location.hash.slice(1),
    () => undefined,
  )
  const router = useRouter()
  const queryClient = useQueryClient()
  const [stage, setStage] = useState<Stage>({ name: 'account' })
  const finish = () => {
    queryClient.clear()
    router.replace('/')
  }
  switch (stage.name) {
    case 'account':
      return (
        <EntryPanel title={t('title')} lead={t('lead')} isWide>
          {secret !== undefined && (
            <Opened secret={secret} onAccepted={(password) => setStage({ name: 'factor', password })} />
          )}
        </EntryPanel>
      )
    case 'factor':
      return (
        <EntryPanel title={t('factorTitle')} isWide>
          <EnrolFactor password={stage.password} onDone={() => setStage({ name: 'pin' })} />
        </EntryPanel>
      )
    case 'pin':
      return (
        <EntryPanel title={t('pinTitle')} lead={t('pinLead')} isWide>
          <ChoosePin onDone={finish} />
        </EntryPanel>
      )
  }
}

function Opened({ secret, onAccepted }: { secret: string; onAccepted: (password: string) => void }) {
  const t = useTranslations('invitation')
  const invitation = useQuery(
    useTRPC().people.invitation.queryOptions({ secret }, { retry: false, staleTime: Number.POSITIVE_INFINITY }),
  )
  const isMalformed = invitation.isError && refusalOf(invitation.error) === undefined
  if (secret === '' || refusalOf(invitation.error)?.code === 'INVITATION_INVALID' || isMalformed)
    return <ErrorState title={t('invalidTitle')}>{t('invalidText')}</ErrorState>
  return (
    <Loaded query={invitation}>
      {(opened) => <AcceptForm secret={secret} opened={opened} onAccepted={onAccepted} />}
    </Loaded>
  )
}

type Opening = Outputs['people']['invitation']

function AcceptForm({
  secret,
  opened,
  onAccepted,
}: {
  secret: string
  opened: Opening
  onAccepted: (password: string) => void
}) {
  const t = useTranslations('invitation')
  const account = useTranslations('account')
  const refusalText = useRefusalText()
  const [name, setName] = useState(opened.name)
  const [email, setEmail] = useState(opened.email ?? '')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [isDifferent, setIsDifferent] = useState(false)
  const accept = useMutation(useTRPC().people.acceptInvitation.mutationOptions())
  const signIn = useMutation({
    mutationFn: async (accepted: { email: string }) => {
      const { error } = await signInClient.signIn.email({ email: accepted.email, password })
      if (error) throw new Error(error.statusText)
    },
    onSuccess: () => onAccepted(password),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsDifferent(password !== again)
    if (password !== again) return
    // A second try after an account that was made and a sign-in that failed only signs in.
    if (accept.isSuccess) signIn.mutate(accept.data)
    else
      accept.mutate(
        { secret, name, password, ...(opened.email === undefined ? { email } : {}) },
        { onSuccess: (accepted) => signIn.mutate(accepted) },
      )
  }
  const code = refusalOf(accept.error)?.code
  const isAboutPassword = code?.startsWith('PASSWORD_') ?? false
  const problem = accept.isError ? refusalText(accept.error) : undefined
  return (
    <form className={styles['form']} onSubmit={submit}>
      {opened.email === undefined && <p>{t('firstAdministrator')}</p>}
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        autoComplete="name"
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        required
        readOnly={opened.email !== undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <NewPasswordField
        value={password}
        onValueChange={setPassword}
        person={{ name, email }}
        error={isAboutPassword ? problem : undefined}
      />
      <TextField
        label={account('passwordAgain')}
        type="password"
        autoComplete="new-password"
        required
        value={again}
        error={isDifferent ? account('passwordDifferent') : undefined}
        onChange={(event) => setAgain(event.target.value)}
      />
      {((problem !== undefined && !isAboutPassword) || signIn.isError) && (
        <p role="alert" className={styles['problem']}>
          {problem ?? t('signInFailed')}
        </p>
      )}
      <Button type="submit" variant="primary" isBusy={accept.isPending || signIn.isPending}>
        {t('accept')}
      </Button>
    </form>
  )
}
