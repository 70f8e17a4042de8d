type Waiting = { resolve: () => void; reject: () => void }

let waiting: Waiting[] = []
let isSomeoneKnown = false
const listeners = new Set<() => void>()
const changed = () => {
  for (const listener of listeners) listener()
}

/** Whether calls are waiting for their person to sign in again; one for the whole page. */
export const endedSession = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  isEnded: (): boolean => waiting.length > 0,
  /** The page has a person: from now on an ended session is waited for. Before, there is nothing to lose. */
  know(): void {
    isSomeoneKnown = true
  },
  waitForSignIn(): Promise<void> {
    if (!isSomeoneKnown) return Promise.reject(new Error('nobody was signed in'))
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject: () => reject(new Error('not signed in again')) })
      changed()
    })
  },
  signedInAgain(): void {
    const released = waiting
    waiting = []
    for (const call of released) call.resolve()
    changed()
  },
}
