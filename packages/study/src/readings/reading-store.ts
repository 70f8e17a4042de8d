import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { ChainedGradeEvent } from '@facetgrade/grading/grade-event'
import type { LevelNumbering } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'

export type ChainHead = { sequence: number; hash: string }

export type ReadingRow = {
  readingId: string
  assignmentId: string
  memberId: string
  patientId: string
  modality: Modality
  round: string
  protocolVersion: number
  numbering: LevelNumbering
  answered: number
  required: number
  openedAt: string
  firstImageAt: string | null
  firstGradeAt: string | null
  signedAt: string | null
  returnedAt: string | null
  head: ChainHead
}

/** An event as the store appends it: chained, with what stood in the cell before. */
export type NewGradeEvent = ChainedGradeEvent & { previous: CellValue | null }

export type NewSignature = { readingId: string; memberId: string; method: string; statement: string; headHash: string }

/** What those who may not see grades can list of readings. */
export type ReadingSummary = {
  readingId: string
  readerCode: string
  patientCode: string
  modality: Modality
  answered: number
  required: number
  openedAt: string
  signedAt: string | null
}

/** One chain as it is stored, for verification; values are not parsed, so that an altered one can be named. */
export type StoredChain = {
  readingId: string
  readerCode: string
  head: ChainHead
  events: readonly unknown[]
  /** Heads that standing signatures were given for. */
  signedHeads: readonly string[]
}

export type CheckpointHead = readonly [readingId: string, sequence: number, hash: string]
export type Checkpoint = { heads: readonly CheckpointHead[]; hash: string; previousHash: string; createdAt: string }

export type BeforeAppend = {
  /** Events that are stored under the ids of the batch. */
  stored: readonly ChainedGradeEvent[]
  /** The latest event of each cell that has one. */
  standing: readonly { sequence: number; cell: CellKey; value: ChainedGradeEvent['value'] }[]
  /** The database's clock at this very moment, in milliseconds. */
  now: string
}

export type ReadingStore = {
  /** The actor's reading of an assignment; undefined when there is none that the actor may see. */
  ofAssignment(assignmentId: string): Promise<ReadingRow | undefined>
  /** The same, and holds it until the transaction ends: appends to one reading follow one another, others do not wait. */
  lockOfAssignment(assignmentId: string): Promise<ReadingRow | undefined>
  lock(readingId: string): Promise<ReadingRow | undefined>
  /** Made once per assignment, by the database's clock; a second call changes nothing. */
  open(reading: {
    studyId: string
    assignmentId: string
    memberId: string
    patientId: string
    modality: Modality
    protocolVersion: number
    numberingVersion: number
    required: number
  }): Promise<void>
  noteFirstImage(readingId: string): Promise<void>
  /** Whole days since the reader last signed a case of this patient, by the database's clock; null when they never did. */
  daysSinceSigned(memberId: string, patientId: string): Promise<number | null>
  events(readingId: string): Promise<readonly ChainedGradeEvent[]>
  /** The latest event of each cell that has one. */
  latestByCell(
    readingId: string,
  ): Promise<readonly { sequence: number; cell: CellKey; value: ChainedGradeEvent['value'] }[]>
  /** Everything that an append must know, in one statement; every grade costs it. */
  beforeAppend(readingId: string, entryIds: readonly string[]): Promise<BeforeAppend>
  idsAfter(readingId: string, sequence: number): Promise<readonly string[]>
  /**
   * The events, and with them the chain's head and the progress that others may see. False, and nothing of it, when an id
   * is taken by an event that this actor cannot see.
   */
  append(
    reading: ReadingRow,
    studyId: string,
    appended: { events: readonly NewGradeEvent[]; head: ChainHead; answered: number },
  ): Promise<boolean>
  sign(studyId: string, signature: NewSignature): Promise<{ signedAt: string; ordinal: number }>
  /** The signature that stands; undefined when there is none or it was taken back. */
  standingSignature(readingId: string): Promise<{ signatureId: string; signedAt: string; headHash: string } | undefined>
  unlock(unlock: {
    studyId: string
    readingId: string
    signatureId: string
    reason: string
    unlockedBy: string
  }): Promise<void>
  /** A returned case goes on under the patient's latest numbering. */
  renumber(readingId: string, next: { numberingVersion: number; required: number }): Promise<void>
  list(
    studyId: string,
    page: { after: string | undefined; take: number; signed: boolean | undefined },
  ): Promise<readonly ReadingSummary[]>
  chains(studyId: string, page: { after: string | undefined; take: number }): Promise<readonly StoredChain[]>
  chainOf(readingId: string): Promise<StoredChain | undefined>
  checkpoints(studyId: string): Promise<readonly Checkpoint[]>
  /** Makes checkpoints of one study follow one another. */
  lockCheckpoints(studyId: string): Promise<void>
  heads(studyId: string): Promise<readonly CheckpointHead[]>
  putCheckpoint(
    studyId: string,
    checkpoint: { heads: readonly CheckpointHead[]; hash: string; previousHash: string },
  ): Promise<void>
}
