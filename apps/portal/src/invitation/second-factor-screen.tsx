'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { EntryPanel } from '../sign-in/entry-panel.tsx'
import { nextPath } from '../sign-in/next-path.ts'
import { EnrolFactor } from './enrol-factor.tsx'

/** For a person who signed in with a password and has no second factor (any more). */
export function SecondFactorScreen() {
  const t = useTranslations('invitation')
  const router = useRouter()
  const queryClient = useQueryClient()
  const next = nextPath(useSearchParams().get('next'))
  const goOn = () => {
    queryClient.clear()
    router.replace(next)
  }
  return (
    <EntryPanel title={t('factorTitle')} lead={t('factorLead')} isWide>
      <EnrolFactor onDone={goOn} />
    </EntryPanel>
  )
}
