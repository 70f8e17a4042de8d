'use client'
import { Dialog } from '@facetgrade/ui/dialog'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useSyncExternalStore } from 'react'
import { endedSession } from '../shell/ended-session.ts'
import type { Me } from '../shell/me.ts'
import { useTRPC } from '../shell/trpc.ts'
import { SignInForm } from './sign-in-form.tsx'

/** Over the screen of a person whose session ended. The same person goes on; anyone else starts afresh. */
export function SignInAgain({ person, isSignedOut }: { person: Me; isSignedOut: boolean }) {
  const t = useTranslations('signIn')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const areCallsWaiting = useSyncExternalStore(endedSession.subscribe, endedSession.isEnded, () => false)

  const goOn = async () => {
    const me = await queryClient.fetchQuery({ ...trpc.people.me.queryOptions(), staleTime: 0 })
    if (me?.userId !== person.userId) return window.location.assign('/')
    endedSession.signedInAgain()
    await queryClient.invalidateQueries()
  }
  return (
    <Dialog
      isOpen={isSignedOut || areCallsWaiting}
      onOpenChange={() => undefined}
      title={t('endedTitle')}
      description={t('endedText', { name: person.name })}
    >
      <SignInForm email={person.email} onSignedIn={() => void goOn()} />
      <a href="/sign-in">{t('otherPerson', { name: person.name })}</a>
    </Dialog>
  )
}
