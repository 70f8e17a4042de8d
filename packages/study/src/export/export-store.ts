import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'

type CaseColumns = {
  readonly patientCode: string
  /** Null before the split is sealed. */
  readonly part: Part | null
  readonly isWithdrawn: boolean
  readonly modality: Modality
}
type ReadingColumns = CaseColumns & {
  readonly round: string
  readonly readerCode: string
  readonly readerGroup: string
}

export type GradeEventRow = ReadingColumns & {
  readonly sequence: number
  readonly cell: CellKey
  readonly value: CellValue
  readonly origin: string
  readonly protocolVersion: number
  readonly clientOffsetMs: number
  readonly receivedAt: string
  readonly eventId: string
  readonly hash: string
  readonly previousHash: string
}

/** A reading with what stands in its cells now. */
export type ReadingCellsRow = ReadingColumns & {
  readonly protocolVersion: number
  readonly lumbarVertebrae: 'five' | 'six' | 'four'
  /** When the signature that stands was given; null: draft. */
  readonly signedAt: string | null
  readonly cells: readonly { readonly cell: CellKey; readonly value: CellValue }[]
}

export type ConsensusCellRow = CaseColumns & {
  readonly round: string
  readonly readerGroup: string
  readonly version: number
  readonly isInForce: boolean
  readonly isComplete: boolean
  readonly cell: CellKey
  readonly value: CellValue
  readonly origin: string
  readonly decidedAt: string
}

export type ReferenceCellRow = CaseColumns & {
  readonly referenceVersion: number
  readonly cell: CellKey
  readonly value: CellValue
}

export type OrderRow = ReadingColumns & {
  readonly position: number
  readonly seed: string
  readonly algorithmVersion: string
  readonly openedAt: string | null
  readonly firstImageAt: string | null
  readonly firstGradeAt: string | null
  readonly signedAt: string | null
}

/** How much there is of each part: numbers only. */
export type PartCount = {
  readonly part: Part | null
  readonly patients: number
  readonly readings: number
  readonly signedReadings: number
  readonly gradeEvents: number
  readonly consensusCells: number
  readonly referenceCells: number
}

type Patients = { readonly studyId: string; readonly patientCodes: readonly string[] }

/**
 * Rows of a few patients at a time: an export of any size takes the memory of one page, and no transaction lasts as long
 * as a slow download.
 */
export type ExportStore = {
  /** The next patient codes; without the test part the patients of it are not among them. */
  patientCodes(page: {
    studyId: string
    after: string | null
    take: number
    includesTest: boolean
  }): Promise<readonly string[]>
  gradeEvents(of: Patients): Promise<readonly GradeEventRow[]>
  readingCells(of: Patients): Promise<readonly ReadingCellsRow[]>
  consensusCells(of: Patients): Promise<readonly ConsensusCellRow[]>
  referenceCells(of: Patients): Promise<readonly ReferenceCellRow[]>
  order(of: Patients): Promise<readonly OrderRow[]>
  /** System role: counts of every part, the sealed test part too. */
  counts(studyId: string): Promise<readonly PartCount[]>
}
