import type { Protocol } from '@facetgrade/grading/protocol'
import type { Role } from '@facetgrade/grading/role'

export const STUDY_KINDS = ['real', 'demo', 'synthetic'] as const
export type StudyKind = (typeof STUDY_KINDS)[number]

export type StudyRow = {
  studyId: string
  code: string
  title: string
  kind: StudyKind
  keyFingerprint: string | null
  createdAt: string
}

export type StudyStore = {
  /** Every study that the person has a standing role in, with those roles. */
  mine(userId: string): Promise<readonly (StudyRow & { roles: readonly Role[] })[]>
  show(studyId: string): Promise<StudyRow>
  /** Study, first protocol version and its investigator, together; undefined when the code is taken. */
  create(study: {
    code: string
    title: string
    kind: StudyKind
    protocol: Protocol
    protocolHash: string
    createdBy: string
    investigatorUserId: string
  }): Promise<StudyRow | undefined>
  userByEmail(email: string): Promise<{ userId: string } | undefined>
}
