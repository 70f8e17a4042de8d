import type { Sha256 } from '@facetgrade/grading/sha256'
import type { Attribute } from './dicom-object.ts'
import { text, words } from './dicom-object.ts'
import type { InventedPatient } from './invented-patient.ts'
import type { Spine } from './spine.ts'
import type { Texture } from './texture.ts'

export type DicomModality = 'CT' | 'MR' | 'DX'
export type ExamObject = { modality: DicomModality; bytes: Uint8Array<ArrayBuffer> }
export type ExamSize = 'compact' | 'full'

/** What every exam of one patient is made from. */
export type ExamContext = {
  sha256: Sha256
  seed: string
  patient: InventedPatient
  spine: Spine
  texture: Texture
  size: ExamSize
}

export const SOP_CLASS = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
} as const satisfies Record<DicomModality, string>

/** A UID under 2.25 from a hash: 128 bits as a decimal (PS3.5 §B.2). */
export const uidOf = (
  { sha256, seed, patient }: Pick<ExamContext, 'sha256' | 'seed' | 'patient'>,
  name: string,
): string => `2.25.${BigInt(`0x${sha256(`${seed}|${patient.patientId}|${name}`).slice(0, 32)}`)}`

/** Patient, study, series and equipment modules; the same in every modality. */
export function commonAttributes(
  context: ExamContext,
  series: { modality: DicomModality; name: string; number: number; description: string; instance: number },
): Attribute[] {
  const { patient } = context
  const { modality } = series
  return [
    text(0x00080005, 'CS', 'ISO_IR 100'),
    text(0x00080020, 'DA', patient.examDate),
    text(0x00080021, 'DA', patient.examDate),
    text(0x00080022, 'DA', patient.examDate),
    text(0x00080023, 'DA', patient.examDate),
    text(0x00080030, 'TM', '101500'),
    text(0x00080031, 'TM', '101600'),
    text(0x00080032, 'TM', '101700'),
    text(0x00080033, 'TM', '101700'),
    text(0x00080050, 'SH', `A${modality}${patient.patientId}`.slice(0, 16)),
    text(0x00080060, 'CS', modality),
    text(0x00080070, 'LO', 'FacetGrade phantom'),
    text(0x00080080, 'LO', 'Invented Hospital'),
    text(0x00080090, 'PN', 'Referrer^Invented'),
    text(0x00081030, 'LO', 'Lumbar spine'),
    text(0x0008103e, 'LO', series.description),
    text(0x00081090, 'LO', 'Synthetic phantom'),
    text(0x00100010, 'PN', patient.name),
    text(0x00100020, 'LO', patient.patientId),
    text(0x00100021, 'LO', patient.issuer),
    text(0x00100030, 'DA', patient.birthDate),
    text(0x00100040, 'CS', patient.sex),
    text(0x00101010, 'AS', `${String(patient.ageYears).padStart(3, '0')}Y`),
    text(0x00181020, 'LO', '1'),
    text(0x0020000d, 'UI', uidOf(context, `study-${modality}`)),
    text(0x0020000e, 'UI', uidOf(context, `series-${series.name}`)),
    text(0x00200010, 'SH', '1'),
    text(0x00200011, 'IS', String(series.number)),
    text(0x00200013, 'IS', String(series.instance)),
    words(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    words(0x00280100, 16),
  ]
}
