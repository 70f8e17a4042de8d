import type { AppRouter } from '@facetgrade/study/app-router'
import type { TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { refusalOf } from './refusal.ts'

/**
 * A call that meets an ended session waits until the same person has signed in again, and is sent once more. What was
 * typed stays on the screen meanwhile and the call arrives after all, so an ended session loses nothing.
 */
export function signInAgainLink(signInAgain: () => Promise<void>): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let current: Unsubscribable | undefined
        let isCancelled = false
        const send = () => {
          current = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (error) => {
              if (refusalOf(error)?.code !== 'SIGNED_OUT') return observer.error(error)
              signInAgain().then(
                () => {
                  if (!isCancelled) send()
                },
                () => observer.error(error),
              )
            },
          })
        }
        send()
        return () => {
          isCancelled = true
          current?.unsubscribe()
        }
      })
}
