import type { Role } from '@facetgrade/grading/role'

export type Membership = {
  memberId: string
  studyId: string
  studyCode: string
  role: Role
  readerGroup: string | null
  readerCode: string | null
}

export type MembershipStore = {
  /** A person's standing roles in the study with this code; empty for a stranger and for a code that does not exist. */
  rolesIn(userId: string, studyCode: string): Promise<readonly Membership[]>
}
