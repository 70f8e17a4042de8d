import type { OutcomeCode } from '@facetgrade/dicom/outcome-codes'

export const IMPORT_SOURCES = ['browser', 'cli', 'gateway'] as const
export type ImportSource = (typeof IMPORT_SOURCES)[number]
export const IMPORT_STATES = ['receiving', 'finishing', 'done', 'cancelled'] as const
export type ImportState = (typeof IMPORT_STATES)[number]
export const LEDGER_OUTCOMES = ['accepted', 'duplicate', 'held', 'quarantined', 'rejected'] as const
export type LedgerOutcome = (typeof LEDGER_OUTCOMES)[number]
/** Codes of a ledger line: what a refusal gives, and the two good ends. */
export type LedgerCode = 'ACCEPTED' | 'DUPLICATE' | OutcomeCode

export type ImportRow = {
  importId: string
  source: ImportSource
  keyFingerprint: string
  fileCount: number
  rosterMac: string | null
  state: ImportState
  createdBy: string
  createdAt: string
  finishedAt: string | null
  /** Database clock: from the beginning to the end, or to now. */
  elapsedMs: number
}

export type PackRow = { packIndex: number; blobHash: string; isDone: boolean }

export type LedgerLine = {
  fileIndex: number
  outcome: LedgerOutcome
  code: LedgerCode
  instanceId: string | null
  blobHash: string | null
}

export type OutcomeCount = { outcome: LedgerOutcome; code: string; files: number }

export type ImportStore = {
  /** One writer of a study's patients, exams and ledgers at a time; held until the transaction ends. */
  lockStudy(studyId: string): Promise<void>
  /** Stores the fingerprint when the study has none yet; answers the one in force. */
  fixKeyFingerprint(studyId: string, fingerprint: string): Promise<string>
  create(row: {
    studyId: string
    createdBy: string
    source: ImportSource
    keyFingerprint: string
    fileCount: number
    rosterMac: string
  }): Promise<ImportRow>
  find(importId: string): Promise<ImportRow | undefined>
  /** The same person's import of the same folder that is still receiving. */
  findUnfinished(of: { studyId: string; createdBy: string; rosterMac: string }): Promise<ImportRow | undefined>
  list(page: { studyId: string; after: string | undefined; limit: number }): Promise<readonly ImportRow[]>
  setState(importId: string, state: ImportState): Promise<void>
  packs(importId: string): Promise<readonly PackRow[]>
  /** False when this pack had arrived before; then nothing changes. */
  addPack(pack: {
    studyId: string
    importId: string
    packIndex: number
    blobHash: string
    bytes: number
  }): Promise<boolean>
  finishPack(importId: string, packIndex: number): Promise<void>
  /** Lines that are there already stay as they are; answers how many were new. */
  addLines(of: { studyId: string; importId: string }, lines: readonly LedgerLine[]): Promise<number>
  lineIndexes(importId: string): Promise<ReadonlySet<number>>
  ledger(page: {
    importId: string
    outcome: LedgerOutcome | undefined
    code: string | undefined
    after: number | undefined
    limit: number
  }): Promise<readonly (Omit<LedgerLine, 'code'> & { code: string })[]>
  counts(importIds: readonly string[]): Promise<ReadonlyMap<string, readonly OutcomeCount[]>>
}
