import type { Part } from '@facetgrade/grading/part'
import type { SplitSeal } from '@facetgrade/grading/split-seal'

export const STANDINGS = ['eligible', 'not_screened', 'second_look_missing', 'excluded', 'withdrawn'] as const
/** Where a patient stands before the split; everything but eligible is left out of the roster, and this says why. */
export type Standing = (typeof STANDINGS)[number]

export type Candidate = {
  patientId: string
  patientCode: string
  standing: Standing
  sex: string | null
  ageYears: number | null
  site: string | null
  clinical: Readonly<Record<string, string | number>>
}

export type DrawnSeed = { seed: string; drawnBy: string; drawnAt: string }

export type SealedSplit = {
  document: SplitSeal
  sealHash: string
  sealedBy: string
  sealedByName: string
  sealedAt: string
}

export type AllocationRow = {
  patientId: string
  patientCode: string
  part: Part
  stratum: string
  origin: 'sealed' | 'later'
  allocatedAt: string
  isWithdrawn: boolean
}

export type NewAllocation = Pick<AllocationRow, 'patientId' | 'part' | 'stratum' | 'origin'>

export type SplitStore = {
  /** Makes sealing and later allocations in one study wait for one another until the transaction ends. */
  lock(studyId: string): Promise<void>
  /** Makes openings of the test part in this study wait until the transaction ends. */
  lockUnsealing(studyId: string): Promise<void>
  seed(studyId: string): Promise<DrawnSeed | undefined>
  /** Keeps the first seed of a study for ever; false when there is one already. */
  putSeed(studyId: string, seed: string, drawnBy: string): Promise<boolean>
  /** Every patient with the standing of today, in the order of their codes. */
  candidates(studyId: string): Promise<readonly Candidate[]>
  /** One of them, of this study. */
  candidate(studyId: string, patientId: string): Promise<Candidate | undefined>
  sealed(studyId: string): Promise<SealedSplit | undefined>
  /** False when the study is sealed already: the table's key decides. */
  seal(studyId: string, seal: { document: SplitSeal; sealHash: string; sealedBy: string }): Promise<boolean>
  /** Number of rows written; a patient who has a part keeps it. */
  allocate(studyId: string, allocations: readonly NewAllocation[]): Promise<number>
  /** Every allocation, in the order of the patients' codes. */
  allocations(studyId: string): Promise<readonly AllocationRow[]>
}
