import type { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import type { Modality } from '@facetgrade/grading/modality'

/** `voided`: a reading under it was unlocked; the next signature opens a new room. */
export type RoomState = 'open' | 'confirmed' | 'voided'

export type Room = {
  readonly roomId: string
  readonly consensusId: string
  readonly memberIds: readonly string[]
  readonly modality: Modality
  readonly state: RoomState
  /** The actor's own assignment of the case: images are reached through it and through nothing else. */
  readonly assignmentId: string
  /** The case's place in the actor's own order, which is all the name that it has for them. */
  readonly position: number
}

export type RoomSummary = Pick<Room, 'roomId' | 'modality' | 'state' | 'assignmentId' | 'position'> & {
  readonly round: string
  readonly items: number
  readonly decided: number
}

export type Decision = {
  readonly decisionId: string
  readonly itemId: string
  readonly sequence: number
  readonly value: CellAnswer
  readonly note: string | null
  readonly decidedBy: string
  readonly decidedAt: string
}

export type Item = {
  readonly itemId: string
  readonly cell: CellKey
  /** One answer per reader, in the stored shuffled order: A, B, … */
  readonly values: readonly CellAnswer[]
  /** The latest; null while nobody has proposed one. */
  readonly decision: Decision | null
}

export type Confirmation = { readonly memberId: string; readonly decisionsHash: string; readonly confirmedAt: string }

/** Under the reader's own wall: a room of another pair is absent. */
export type AdjudicationStore = {
  /** Rooms of the member, in the order in which the member read the cases; `after` a room. */
  rooms(page: { memberId: string; after: string | undefined; take: number }): Promise<readonly RoomSummary[]>
  find(roomId: string, memberId: string): Promise<Room | undefined>
  /** The room of an item. */
  roomIdOf(itemId: string): Promise<string | undefined>
  /** Like find, and holds the room until the transaction ends: decisions and confirmations follow one another. */
  lock(roomId: string, memberId: string): Promise<Room | undefined>
  /** Stamps the first look by the database clock; a later one changes nothing. True the first time. */
  noteOpened(roomId: string): Promise<boolean>
  items(roomId: string): Promise<readonly Item[]>
  confirmations(roomId: string): Promise<readonly Confirmation[]>
  decisions(decisionIds: readonly string[]): Promise<readonly Decision[]>
  /** Appends the next decision of each item; how many: fewer when an id is taken. Only with the room held. */
  decide(
    by: { studyId: string; decidedBy: string },
    decisions: readonly { decisionId: string; itemId: string; value: CellAnswer; note: string | null }[],
  ): Promise<number>
  /** A second one over the same decisions changes nothing. */
  confirm(confirmation: {
    studyId: string
    roomId: string
    memberId: string
    decisionsHash: string
    method: string
  }): Promise<void>
  /** System role: the protocol version that the room's consensus was computed under. */
  protocolVersionOf(roomId: string): Promise<number>
  /** System role: writes the adjudicated cells, completes the consensus and closes the room. */
  complete(room: Pick<Room, 'roomId' | 'consensusId'>, cells: readonly ConsensusCell[]): Promise<void>
}
