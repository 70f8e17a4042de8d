'use client'
import { ErrorState, LoadingState } from '@facetgrade/ui/state'
import { useQuery } from '@tanstack/react-query'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { SignInAgain } from '../sign-in/sign-in-again.tsx'
import { endedSession } from './ended-session.ts'
import type { Me } from './me.ts'
import { useRefusalText } from './refusal.ts'
import styles from './session-gate.module.css'
import { useTRPC } from './trpc.ts'

const MeContext = createContext<Me | undefined>(undefined)

/** The signed-in person. Only under a SessionGate. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe: no SessionGate above')
  return me
}

/**
 * Shows its children to a signed-in person with a second factor and sends others where they get one. It guards the view;
 * every procedure guards the data. When the session ends the screen stays as it is, under the sign-in dialog.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const t = useTranslations('shell')
  const refusalText = useRefusalText()
  const router = useRouter()
  const pathname = usePathname()
  const me = useQuery(useTRPC().people.me.queryOptions())
  const [person, setPerson] = useState<Me>()
  if (me.data && me.data !== person) setPerson(me.data)

  useEffect(() => {
    if (person) endedSession.know()
  }, [person])
  const destination = destinationOf(me.data, person, pathname)
  useEffect(() => {
    if (destination !== undefined) router.replace(destination)
  }, [destination, router])

  if (person?.hasSecondFactor)
    return (
      <MeContext value={person}>
        {children}
        <SignInAgain person={person} isSignedOut={me.data === null} />
      </MeContext>
    )
  return (
    <div className={styles['waiting']}>
      {me.isError ? (
        <ErrorState title={t('cannotLoad')} retry={{ label: t('retry'), onRetry: () => void me.refetch() }}>
          {refusalText(me.error)}
        </ErrorState>
      ) : (
        <LoadingState label={t('loading')} />
      )}
    </div>
  )
}

function destinationOf(answer: Me | null | undefined, person: Me | undefined, pathname: string): string | undefined {
  if (answer === null && person === undefined) return `/sign-in?next=${encodeURIComponent(pathname)}`
  if (answer && !answer.hasSecondFactor) return `/second-factor?next=${encodeURIComponent(pathname)}`
  return undefined
}
