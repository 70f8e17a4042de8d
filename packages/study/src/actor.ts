import type { Role } from '@facetgrade/grading/role'

/** A signed-in person as the host knows them. */
export type Session = {
  userId: string
  name: string
  email: string
  /** Runs the installation (accounts, health, backup); sees no study content by that office. */
  isAdministrator: boolean
  /** False until a passkey or a one-time code was used; then only enrolment is open. */
  hasSecondFactor: boolean
  /** Signed in with a second factor within the last two minutes: that was proof enough for one's own settings. */
  isFresh?: boolean
}

/** A person acting in one study under one of their roles there; `none` outside any study. */
export type Actor = {
  userId: string
  role: Role | 'none'
  studyId: string | null
  studyCode: string | null
  memberId: string | null
  readerGroup: string | null
  readerCode: string | null
}

/** What a person shows again before a signature; costs seconds. */
export type ReauthenticationProof =
  | { method: 'pin'; pin: string }
  | { method: 'totp'; code: string }
  | { method: 'passkey'; response: unknown; challengeId: string }

export type ReauthenticationMethod = ReauthenticationProof['method']
