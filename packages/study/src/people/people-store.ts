import type { Role } from '@facetgrade/grading/role'

/** A person's account. The password's hash stays inside the store. */
export type Person = { userId: string; name: string; email: string; isAdministrator: boolean; isBlocked: boolean }

/** How a person can prove themselves: what is enrolled, never the secrets. */
export type Factors = { hasTotp: boolean; passkeys: readonly PasskeyName[]; hasPin: boolean }
export type PasskeyName = { id: string; name: string | null; credentialId: string; createdAt: Date | null }

export type MemberRow = {
  memberId: string
  userId: string
  name: string
  email: string
  role: Role
  readerGroup: string | null
  readerCode: string | null
  createdAt: Date
  endedAt: Date | null
  /** False until the invitation was accepted. */
  hasAccepted: boolean
}

export type NewMember = {
  studyId: string
  userId: string
  role: Role
  readerGroup: string | null
  readerCode: string | null
  createdBy: string
}
export type TokenRow = { id: string; name: string; createdAt: Date; expiresAt: Date; revokedAt: Date | null }
export type Notice = { id: string; code: string; createdAt: Date }
export type AccountRow = Person & { factors: Factors; createdAt: Date; hasAccepted: boolean }

/** A secret given out once and taken back once: an invitation, a re-authentication ticket, a passkey challenge. */
export type OneTimePurpose = 'invitation' | 'ticket' | 'passkey-challenge'

export type PeopleStore = {
  find(userId: string): Promise<Person | undefined>
  findByEmail(email: string): Promise<Person | undefined>
  /** No person at all has accepted an invitation yet: the installation is new. */
  isInstallationNew(): Promise<boolean>
  createPerson(person: { name: string; email: string; isAdministrator: boolean }): Promise<Person>
  setAdministrator(userId: string, isAdministrator: boolean): Promise<void>
  /** Sets name and password and marks the address as the person's own; an existing password is replaced. */
  setPassword(userId: string, passwordHash: string, name?: string): Promise<void>
  passwordHash(userId: string): Promise<string | undefined>
  accounts(page: { after: string | undefined; take: number }): Promise<readonly AccountRow[]>
  endSessions(userId: string): Promise<number>

  factors(userId: string): Promise<Factors>
  removeFactors(userId: string): Promise<void>
  setPin(userId: string, hash: string): Promise<void>

  putOneTime(secret: { purpose: OneTimePurpose; hash: string; value: string; validForMs: number }): Promise<void>
  /** Value of a secret that is still valid, without using it up. */
  peekOneTime(purpose: OneTimePurpose, hash: string): Promise<string | undefined>
  /** Uses the secret up; of two who try at once, one gets undefined. */
  takeOneTime(purpose: OneTimePurpose, hash: string): Promise<string | undefined>
  /** Voids every outstanding secret of this purpose with this value. */
  dropOneTime(purpose: OneTimePurpose, value: string): Promise<void>

  addNotice(userId: string, code: string): Promise<void>
  notices(userId: string): Promise<readonly Notice[]>
  /** False when the notice is not this person's, or was seen before. */
  seeNotice(userId: string, noticeId: string): Promise<boolean>

  studyIdOf(studyCode: string): Promise<string | undefined>
  members(studyId: string, page: { after: string | undefined; take: number }): Promise<readonly MemberRow[]>
  membersOf(studyId: string, userId: string): Promise<readonly MemberRow[]>
  member(studyId: string, memberId: string): Promise<MemberRow | undefined>
  /** Standing members in a role. Waits for others who change the members of this study. */
  countMembers(studyId: string, role: Role): Promise<number>
  readerCodes(studyId: string): Promise<readonly string[]>
  readerGroups(studyId: string): Promise<readonly { name: string; codePrefix: string }[]>
  /** Opens the role, or opens it again when it had ended. */
  addMember(member: NewMember): Promise<MemberRow>
  /** False when it had ended already. */
  endMember(studyId: string, memberId: string): Promise<boolean>

  createToken(token: { userId: string; name: string; hash: string; validForMs: number }): Promise<TokenRow>
  tokens(userId: string): Promise<readonly TokenRow[]>
  /** False when the token is not this person's, or was revoked before. */
  revokeToken(userId: string, tokenId: string): Promise<boolean>
}
