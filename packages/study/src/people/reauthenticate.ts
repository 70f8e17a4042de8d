import type { ReauthenticationMethod, ReauthenticationProof } from '../actor.ts'
import { StudyError } from '../study-error.ts'
import { isPassword } from './password-hash.ts'

export const PIN_MAX_FAILURES = 5
export const PIN_LOCK_MS = 15 * 60 * 1000

/** The PIN as it stands. `isLocked` by the database's clock. */
export type PinState = { hash: string; isLocked: boolean }

/**
 * Each of these commits on its own: a wrong PIN must count even though the act that it was for is refused and rolled
 * back, and a code must be used up even when the signature then fails.
 */
export type ReauthenticationPorts = {
  /** Counts an attempt before it is judged, so that attempts at the same time cannot share one failure. */
  beginPinAttempt(userId: string, limit: { maxFailures: number; lockMs: number }): Promise<PinState | undefined>
  clearPinFailures(userId: string): Promise<void>
  /** Uses up the code's time step; false when the code is wrong or its step was used before. */
  useTotp(userId: string, code: string): Promise<boolean>
  /** An assertion with user verification over a challenge of ours, used once. */
  usePasskey(userId: string, proof: { challengeId: string; response: unknown }): Promise<boolean>
}

/** Re-authentication for a signature. Returns the method, or undefined when the proof does not hold. */
export async function reauthenticate(
  ports: ReauthenticationPorts,
  userId: string,
  proof: ReauthenticationProof,
): Promise<ReauthenticationMethod | undefined> {
  return (await holds(ports, userId, proof)) ? proof.method : undefined
}

async function holds(ports: ReauthenticationPorts, userId: string, proof: ReauthenticationProof): Promise<boolean> {
  switch (proof.method) {
    case 'pin':
      return isPin(ports, userId, proof.pin)
    case 'totp':
      return ports.useTotp(userId, proof.code)
    case 'passkey':
      return ports.usePasskey(userId, proof)
  }
}

async function isPin(ports: ReauthenticationPorts, userId: string, pin: string): Promise<boolean> {
  const state = await ports.beginPinAttempt(userId, { maxFailures: PIN_MAX_FAILURES, lockMs: PIN_LOCK_MS })
  if (!state) return false
  if (state.isLocked) throw new StudyError('REAUTHENTICATION_LOCKED')
  if (!(await isPassword(state.hash, pin))) return false
  await ports.clearPinFailures(userId)
  return true
}
