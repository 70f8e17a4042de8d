import type { Protocol } from '@facetgrade/grading/protocol'

export type ProtocolVersion = {
  version: number
  protocol: Protocol
  hash: string
  reason: string
  createdBy: string
  /** ISO 8601, database clock */
  createdAt: string
}

export type ProtocolStore = {
  latest(studyId: string): Promise<ProtocolVersion>
  find(studyId: string, version: number): Promise<ProtocolVersion | undefined>
  versions(studyId: string): Promise<readonly Omit<ProtocolVersion, 'protocol'>[]>
  /** undefined when this version number was taken by another request first. */
  append(
    studyId: string,
    next: { version: number; protocol: Protocol; hash: string; reason: string; createdBy: string },
  ): Promise<ProtocolVersion | undefined>
}
