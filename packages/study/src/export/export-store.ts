import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { PredictionOutput } from '@facetgrade/grading/prediction'

type PatientColumns = {
  readonly patientCode: string
  /** Null before the split is sealed, and for a patient who is not in it. */
  readonly part: Part | null
  readonly isWithdrawn: boolean
}
type CaseColumns = PatientColumns & { readonly modality: Modality }
type ReadingColumns = CaseColumns & {
  readonly round: string
  readonly readerCode: string
  readonly readerGroup: string
}

export type ExportPatientRow = PatientColumns & {
  readonly withdrawalCode: string | null
  readonly sex: string | null
  readonly ageYears: number | null
  readonly site: string | null
  /** The protocol's own columns: name → value. */
  readonly clinical: Readonly<Record<string, string | number>>
  readonly imagedInPeriod: boolean | null
  /** As the coordinator confirmed it last; null: not confirmed. */
  readonly lumbarVertebrae: string | null
  /** The standing decision of the screening; null: none. */
  readonly screeningDecision: string | null
  readonly criterionCodes: readonly string[]
  readonly stratum: string | null
  readonly splitOrigin: string | null
  readonly allocatedAt: string | null
}

export type ExportExamRow = CaseColumns & {
  /** Pseudonymised StudyInstanceUID. */
  readonly examUid: string
  readonly shiftedDate: string | null
  readonly series: number
  readonly gradableSeries: number
  readonly images: number
  /** The commonest maker, and slice thickness, of its images. */
  readonly scanner: string | null
  readonly sliceThicknessMm: number | null
  /** Some reader was given this exam. */
  readonly isIndex: boolean
}

export type GradeEventRow = ReadingColumns & {
  readonly sequence: number
  readonly cell: CellKey
  readonly value: CellValue
  readonly origin: string
  readonly protocolVersion: number
  readonly clientOffsetMs: number
  readonly receivedAt: string
  /** Null where the export is blinded: the chain's hashes are made of the reader's code. */
  readonly eventId: string | null
  readonly hash: string | null
  readonly previousHash: string | null
}

/** A reading with what stands in its cells now. */
export type ReadingCellsRow = ReadingColumns & {
  readonly protocolVersion: number
  readonly lumbarVertebrae: 'five' | 'six' | 'four'
  readonly openedAt: string
  /** When the signature that stands was given; null: draft. */
  readonly signedAt: string | null
  readonly examUid: string
  readonly shiftedDate: string | null
  readonly sex: string | null
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
  /** Null where the export is blinded. */
  readonly seed: string | null
  readonly algorithmVersion: string
  readonly openedAt: string | null
  readonly firstImageAt: string | null
  readonly firstGradeAt: string | null
  readonly signedAt: string | null
}

export type PredictionRow = CaseColumns & {
  readonly cell: CellKey
  readonly modelHash: string
  readonly preprocessingVersion: string
  readonly inputHash: string
  /** The latest computation of this model on the exam. */
  readonly isLatest: boolean
  readonly output: PredictionOutput
}

/** The grade that was built into a phantom. */
export type TruthRow = CaseColumns & {
  readonly cell: CellKey
  readonly grade: number
  readonly isVisible: boolean
  readonly cnr: number | null
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

export type Patients = { readonly studyId: string; readonly patientCodes: readonly string[] }

/**
 * Rows of a few patients at a time: an export of any size takes the memory of one page, and no transaction lasts as long
 * as a slow download.
 */
export type ExportStore = {
  /** The next patient codes; without the test part only those of training and validation are among them. */
  patientCodes(page: {
    studyId: string
    after: string | null
    take: number
    includesTest: boolean
  }): Promise<readonly string[]>
  countPatients(of: { studyId: string; includesTest: boolean }): Promise<number>
  patients(of: Patients): Promise<readonly ExportPatientRow[]>
  exams(of: Patients): Promise<readonly ExportExamRow[]>
  gradeEvents(of: Patients): Promise<readonly GradeEventRow[]>
  readingCells(of: Patients): Promise<readonly ReadingCellsRow[]>
  consensusCells(of: Patients): Promise<readonly ConsensusCellRow[]>
  referenceCells(of: Patients): Promise<readonly ReferenceCellRow[]>
  order(of: Patients): Promise<readonly OrderRow[]>
  predictions(of: Patients): Promise<readonly PredictionRow[]>
  truth(of: Patients): Promise<readonly TruthRow[]>
  /** Every protocol version under which a reading was opened. */
  protocolVersions(studyId: string): Promise<readonly number[]>
  readers(studyId: string): Promise<readonly { readonly code: string; readonly group: string }[]>
  /** The latest instant at which anything that an export holds was written; the study's founding where there is nothing. */
  asOf(studyId: string): Promise<string>
  /** System role: counts of every part, the sealed test part too. */
  counts(studyId: string): Promise<readonly PartCount[]>
  /** System role: the key that masks reader codes, drawn by the database the first time it is asked for. */
  blindingKey(studyId: string): Promise<string>
}
