import type { Envelope } from '@facetgrade/dicom/envelope'
import type { OutcomeCode, QuarantinedCode } from '@facetgrade/dicom/outcome-codes'
import type { VerifiedFile, VerifyOutcome } from '@facetgrade/dicom/pseudonymised-file'
import type { LedgerOutcome } from './import-store.ts'

/** One file of a pack after the keyless check. */
export type CheckedFile = {
  index: number
  envelope: Envelope
  checked: VerifyOutcome
}

/** What is known of the study when a file is judged: before the pack, and by the files of the pack before it. */
export type KnownStudy = {
  keyFingerprint: string
  patients: ReadonlyMap<string, { sex: string | null; birthDateHmac: string | null; isWithdrawn: boolean }>
  /** Study instance UID → patient code. */
  examOwners: ReadonlyMap<string, string>
  /** SOP instance UID → content hash. */
  instances: ReadonlyMap<string, string>
}

export type Judgement =
  | { outcome: 'accepted'; file: VerifiedFile }
  | { outcome: 'duplicate'; file: VerifiedFile }
  | { outcome: 'quarantined'; code: QuarantinedCode; file: VerifiedFile }
  | { outcome: Extract<LedgerOutcome, 'held' | 'rejected'>; code: OutcomeCode }

/**
 * One answer per received file. An instance is never overwritten: the same content again is a duplicate, other content
 * under its identifier is quarantined, and so is a file that contradicts its patient (deid rules 5).
 */
export function judgeFile({ envelope, checked }: CheckedFile, known: KnownStudy): Judgement {
  if (checked.outcome !== 'clean') return { outcome: checked.outcome, code: checked.code }
  if (envelope.keyFingerprint !== known.keyFingerprint) return { outcome: 'rejected', code: 'KEY_MISMATCH' }
  if (differ(envelope.sex, checked.header.sex)) return { outcome: 'rejected', code: 'ENVELOPE_MISMATCH' }
  const patient = known.patients.get(checked.patientCode)
  if (patient?.isWithdrawn) return { outcome: 'rejected', code: 'PATIENT_WITHDRAWN' }
  const stored = known.instances.get(checked.sopInstanceUid)
  if (stored === checked.contentHash) return { outcome: 'duplicate', file: checked }
  const conflict = conflictOf(checked, { envelope, patient, stored, known })
  return conflict ? { outcome: 'quarantined', code: conflict, file: checked } : { outcome: 'accepted', file: checked }
}

function conflictOf(
  file: VerifiedFile,
  at: {
    envelope: Envelope
    patient: { sex: string | null; birthDateHmac: string | null } | undefined
    stored: string | undefined
    known: KnownStudy
  },
): QuarantinedCode | undefined {
  if (at.stored !== undefined) return 'INSTANCE_CONFLICT'
  const owner = at.known.examOwners.get(file.header.studyInstanceUid)
  if (owner !== undefined && owner !== file.patientCode) return 'INSTANCE_CONFLICT'
  if (at.patient && differ(at.patient.sex, file.header.sex)) return 'SEX_CONFLICT'
  if (at.patient && differ(at.patient.birthDateHmac, at.envelope.birthDateHmac)) return 'BIRTH_DATE_CONFLICT'
  return undefined
}

/** What is unknown contradicts nothing. */
const differ = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b
