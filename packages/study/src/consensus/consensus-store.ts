import type { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import type { GradeEvent } from '@facetgrade/grading/grade-event'
import type { Modality } from '@facetgrade/grading/modality'

/** What one group reads in common: a patient in one modality and round. */
export type GroupCase = {
  readonly studyId: string
  readonly readerGroup: string
  readonly patientId: string
  readonly modality: Modality
  readonly round: string
  readonly examId: string
}

/** A reading whose latest signature stands: no unlock has voided it. */
export type SignedReading = {
  readonly readingId: string
  readonly memberId: string
  readonly signatureId: string
  readonly protocolVersion: number
  /** The patient's levels under the numbering that the reading was made under. */
  readonly lumbarVertebrae: 'five' | 'six' | 'four'
  readonly events: readonly Pick<GradeEvent, 'sequence' | 'cell' | 'value'>[]
}

/** The version that counts: not superseded. */
export type CurrentConsensus = {
  readonly id: string
  readonly version: number
  readonly memberIds: readonly string[]
  /** When somebody of the group first looked into its adjudication room; null before, and where nothing is discordant. */
  readonly adjudicationOpenedAt: string | null
}

export type DiscordantValues = {
  readonly cell: CellKey
  /** One answer per reader, in an order that says nothing of who gave which. */
  readonly values: readonly CellAnswer[]
}

export type NewConsensus = {
  readonly groupCase: GroupCase
  readonly version: number
  readonly protocolVersion: number
  readonly memberIds: readonly string[]
  readonly signatureIds: readonly string[]
  readonly agreed: readonly ConsensusCell[]
  /** Empty: the consensus is complete as it is. Otherwise a room of the group opens with these. */
  readonly discordant: readonly DiscordantValues[]
}

/** Works under the system role only; no person's wall shows all of what it needs. */
export type ConsensusStore = {
  /** The case that a reading belongs to and its reader; undefined when there is no such reading. */
  caseOf(readingId: string): Promise<{ groupCase: GroupCase; memberId: string } | undefined>
  /**
   * Holds the case until the transaction ends. Two readers who sign at the same moment each see only their own
   * signature; the second one here waits for the first to commit, then sees both.
   */
  lock(groupCase: GroupCase): Promise<void>
  /** Readings of the group on this case with a standing signature, the earliest signed first. */
  signedReadings(groupCase: GroupCase): Promise<readonly SignedReading[]>
  current(groupCase: GroupCase): Promise<CurrentConsensus | undefined>
  /** 0 when there has been none. */
  lastVersion(groupCase: GroupCase): Promise<number>
  create(consensus: NewConsensus): Promise<{ consensusId: string; roomId: string | null }>
  /** Takes the consensus out of force and closes its room. The rows stay. */
  supersede(consensusId: string): Promise<void>
}
