import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import type { Modality } from '@facetgrade/grading/modality'

/** A case that the reference group was given, with the consensus that stands on it. */
export type ReferenceCase = {
  readonly patientCode: string
  readonly modality: Modality
  readonly consensus: { readonly id: string; readonly version: number; readonly protocolVersion: number } | null
  readonly state: 'complete' | 'adjudication_open' | 'not_read'
}

export type ReferenceVersion = {
  readonly referenceId: string
  readonly version: number
  readonly rule: string
  readonly inputHash: string
  readonly hash: string
  readonly cases: number
  readonly cells: number
  readonly derivedBy: string
  readonly derivedAt: string
  /** A consensus that it was derived from is no longer in force. */
  readonly isStale: boolean
}

export type NewReference = Pick<ReferenceVersion, 'rule' | 'inputHash' | 'hash'> & {
  readonly studyId: string
  readonly version: number
  readonly consensusIds: readonly string[]
  readonly derivedBy: string
}

export type ReferenceStore = {
  /** One derivation of a study at a time, until the transaction ends. */
  lock(studyId: string): Promise<void>
  /** System role: every case of patients not withdrawn that the group was given in the round, by patient code and modality. */
  cases(of: { studyId: string; readerGroup: string; round: string }): Promise<readonly ReferenceCase[]>
  /** System role: cells of these consensus versions, by consensus. */
  cellsOf(consensusIds: readonly string[]): Promise<ReadonlyMap<string, readonly ConsensusCell[]>>
  /** System role: appends the version and copies the cells of its consensus versions. */
  create(reference: NewReference): Promise<ReferenceVersion>
  latest(studyId: string): Promise<ReferenceVersion | undefined>
  versions(studyId: string): Promise<readonly ReferenceVersion[]>
}
