'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { EntryPanel } from './entry-panel.tsx'
import { nextPath } from './next-path.ts'
import { SignInForm } from './sign-in-form.tsx'

export function SignInScreen() {
  const t = useTranslations('signIn')
  const router = useRouter()
  const queryClient = useQueryClient()
  const next = nextPath(useSearchParams().get('next'))
  const goOn = () => {
    queryClient.clear()
    router.replace(next)
  }
  return (
    <EntryPanel title={t('title')} lead={t('lead')}>
      <SignInForm onSignedIn={goOn} />
    </EntryPanel>
  )
}
