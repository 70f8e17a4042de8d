import type { CriterionAnswer } from '@facetgrade/grading/eligibility'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'

/** Where a patient stands by the looks signed so far; only the last two are settled. */
export type ScreeningStanding = 'not_screened' | 'second_look_missing' | 'disagreement' | 'eligible' | 'excluded'
export type Decision = 'eligible' | 'excluded'

export type ScreeningRow = {
  patientId: string
  patientCode: string
  enrolmentNumber: number
  isWithdrawn: boolean
  modalities: readonly Modality[]
  isNumbered: boolean
  firstLook: Decision | null
  secondLook: Decision | null
  standing: ScreeningStanding
}

export type Look = {
  lookId: string
  look: 'first' | 'second'
  decision: Decision
  /** What was answered, by criterion. */
  answers: Readonly<Record<string, CriterionAnswer>>
  /** Criteria that keep the patient out, the main reason first; empty when eligible. */
  codes: readonly string[]
  note: string | null
  protocolVersion: number
  signedBy: string
  signedByName: string
  signedAt: string
}

export type NewLook = Pick<
  Look,
  'look' | 'decision' | 'answers' | 'codes' | 'note' | 'protocolVersion' | 'signedBy'
> & {
  studyId: string
  patientId: string
  method: string
}

/** So many readers of the group sign every case of this modality and part, as the protocol wants it. */
export type WantedReadings = { modality: Modality; part: Part; readerGroup: string; readers: number }

/** How many patients are alike in everything that the flow diagram asks. */
export type FlowGroup = {
  standing: ScreeningStanding
  codes: readonly string[]
  part: Part | null
  isWithdrawn: boolean
  isRead: boolean
  isAnalysed: boolean
  patients: number
}

export type ScreeningStore = {
  /** In the order of enrolment of the ids; `open` only those for whom somebody still has something to do. */
  list(page: {
    studyId: string
    after: string | undefined
    take: number
    open: boolean
  }): Promise<readonly ScreeningRow[]>
  /** One patient's row, of this study. */
  find(studyId: string, patientId: string): Promise<ScreeningRow | undefined>
  /** Every look at a patient, the oldest first. */
  looks(patientId: string): Promise<readonly Look[]>
  /** Modalities of which the patient has a series that may be graded. */
  gradableModalities(patientId: string): Promise<readonly Modality[]>
  /** Insert-only, stamped by the database clock. */
  append(look: NewLook): Promise<{ lookId: string; signedAt: string }>
  /** Needs a role that may know of the seal. */
  isSealed(studyId: string): Promise<boolean>
  /** Counted by the database in one statement; needs the system role, because nobody else sees every part. */
  flowGroups(studyId: string, at: { round: string; wanted: readonly WantedReadings[] }): Promise<readonly FlowGroup[]>
}
