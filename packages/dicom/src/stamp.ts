import type { OwnValue } from './clean-dataset.ts'
import type { Dataset } from './dataset.ts'
import { asciiValues } from './values.ts'

const METHOD = 'FacetGrade 1'

/** Options applied, PS3.16 CID 7050. Clean Pixel Data (113101) is claimed only by a pixel check that ran. */
const PROFILE_CODES = [
  { value: '113100', meaning: 'Basic Application Confidentiality Profile' },
  { value: '113103', meaning: 'Clean Graphics Option' },
  { value: '113104', meaning: 'Clean Structured Content Option' },
  { value: '113105', meaning: 'Clean Descriptors Option' },
  { value: '113107', meaning: 'Retain Longitudinal Temporal Information Modified Dates Option' },
  { value: '113108', meaning: 'Retain Patient Characteristics Option' },
] as const

export type CleanPatient = { code: string; sex: 'M' | 'F' | 'O' | null; ageYears: number | null }

type OwnInput = {
  patient: CleanPatient
  modality: string
  sopClassUid: string
  fingerprint: string
  lossy: '00' | '01' | null
}

/** Values that we write ourselves instead of the file's: patient, stamp, class. */
export function ownValues(input: OwnInput): ReadonlyMap<number, OwnValue> {
  const { patient } = input
  const own = new Map<number, OwnValue>([
    [0x00080016, input.sopClassUid],
    [0x00080060, input.modality],
    [0x00100010, patient.code],
    [0x00100020, patient.code],
    [0x00100040, patient.sex ?? ''],
    [0x00120062, 'YES'],
    [0x00120063, `${METHOD}\\${input.fingerprint}`],
    [0x00120064, PROFILE_CODES],
    [0x00280303, 'MODIFIED'],
  ])
  if (patient.ageYears !== null) own.set(0x00101010, `${String(Math.min(patient.ageYears, 90)).padStart(3, '0')}Y`)
  if (input.lossy !== null) own.set(0x00282110, input.lossy)
  return own
}

/** Fingerprint of the key that a file says it was pseudonymised with; undefined for any other file. */
export function stampedFingerprint(dataset: Dataset): string | undefined {
  const [method, fingerprint] = asciiValues(dataset, 0x00120063)
  return method === METHOD && fingerprint !== undefined && /^[0-9a-f]{32}$/.test(fingerprint) ? fingerprint : undefined
}
