import { signInClient } from '../shell/sign-in-client.ts'
import { withTicket } from './ticket-header.ts'

export type PasskeyOutcome = 'added' | 'cancelled' | 'already-there' | 'proof-expired' | 'refused'

/** Makes a passkey on this device and enrols it. The first one needs no ticket, within minutes of signing in. */
export async function addPasskey(name: string, ticket?: string): Promise<PasskeyOutcome> {
  const { error } = await signInClient.passkey.addPasskey({ name, fetchOptions: withTicket(ticket) })
  if (!error) return 'added'
  const code = 'code' in error ? error.code : undefined
  if (code === 'REAUTHENTICATION_REQUIRED') return 'proof-expired'
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return 'already-there'
  return error.status === 403 ? 'refused' : 'cancelled'
}
