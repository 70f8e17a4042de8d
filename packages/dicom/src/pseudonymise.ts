import { SOP_CLASSES, type SopClass } from './allow-list.ts'
import { dayNumber, wholeYears } from './calendar-date.ts'
import { UID } from './clean-dataset.ts'
import { cleanHeader } from './clean-file.ts'
import type { Dataset } from './dataset.ts'
import type { Envelope } from './envelope.ts'
import { keyCache } from './key-cache.ts'
import { birthDateMac } from './keyed-patient.ts'
import { writeNativePixels } from './native-pixels.ts'
import { type ParsedFile, parseDicom } from './parse.ts'
import { patientText } from './patient-text.ts'
import { frameBytes, type PixelShape, readPixelShape } from './pixel-shape.ts'
import type { PseudonymiseContext } from './pseudonymise-context.ts'
import type { PseudonymisedFile, PseudonymiseOutcome } from './pseudonymised-file.ts'
import { Refusal } from './refusal.ts'
import { refusalOutcome } from './refusal-outcome.ts'
import { type CleanPatient, ownValues, stampedFingerprint } from './stamp.ts'
import type { StudyKey } from './study-key.ts'
import { isLikelyTextPage } from './text-page.ts'
import { clearUnusedBits, hasUnusedBits } from './unused-bits.ts'
import { asciiText } from './values.ts'
import { checkClean } from './verify.ts'

/**
 * The keyed step, once, where the originals are. The output is checked by the server's own `verify` rules before it is
 * given out, so nothing can leave that the server would refuse.
 *
 * Never throws: whatever goes wrong is a refusal with a code and a constant sentence.
 */
export async function pseudonymise(
  bytes: Uint8Array<ArrayBuffer>,
  key: StudyKey,
  context: PseudonymiseContext,
): Promise<PseudonymiseOutcome> {
  try {
    const file = parseDicom(bytes)
    const stamp = stampedFingerprint(file.dataset)
    if (stamp === undefined) return await pseudonymiseOriginal(file, key, context)
    if (stamp !== key.fingerprint) throw new Refusal('PSEUDONYMISED_ELSEWHERE')
    return passOn(bytes, key)
  } catch (error) {
    return refusalOutcome(error, 'UNEXPECTED')
  }
}

/** An object that this study's key has been over is not keyed again. Its envelope cannot know what the original said. */
function passOn(bytes: Uint8Array<ArrayBuffer>, key: StudyKey): PseudonymisedFile {
  const { header } = checkClean(bytes, key.fingerprint)
  return {
    outcome: 'accepted',
    bytes,
    envelope: {
      version: 1,
      keyFingerprint: key.fingerprint,
      imagedInPeriod: null,
      birthDateHmac: null,
      sex: header.sex,
    },
    alreadyPseudonymised: true,
    header,
    sopInstanceUid: header.sopInstanceUid,
    patientCode: header.patientCode,
  }
}

async function pseudonymiseOriginal(
  file: ParsedFile,
  key: StudyKey,
  context: PseudonymiseContext,
): Promise<PseudonymisedFile> {
  const { dataset } = file
  const sopClass = acceptedClass(file)
  if (isLikelyTextPage(dataset)) throw new Refusal('BURNED_IN_TEXT')
  requireUids(dataset)
  const shape = readPixelShape(dataset)
  const patient = readPatient(dataset, key, context)
  const header = keyedHeader(file, { sopClass, shape, key, patient })
  const bytes = await withPixels(file, header, shape)
  // Belt and braces: the file leaves only if the server's check passes on it here.
  const clean = checkClean(bytes, key.fingerprint)
  return {
    outcome: 'accepted',
    bytes,
    envelope: patient.envelope,
    alreadyPseudonymised: false,
    header: clean.header,
    sopInstanceUid: clean.header.sopInstanceUid,
    patientCode: patient.code,
  }
}

/** A blank class in the data set is taken from the file meta information, so that the file is held for what it lacks. */
function acceptedClass({ meta, dataset }: ParsedFile): SopClass {
  const uid = asciiText(dataset, 0x00080016) || asciiText(meta, 0x00020002)
  if (!uid) throw new Refusal('ATTRIBUTE_MISSING')
  const sopClass = SOP_CLASSES.get(uid)
  if (sopClass === undefined) throw new Refusal('SOP_CLASS_REFUSED')
  return sopClass
}

function requireUids(dataset: Dataset): void {
  for (const tag of [0x00080018, 0x0020000d, 0x0020000e]) {
    const uid = asciiText(dataset, tag) ?? ''
    if (uid.length > 64 || !UID.test(uid)) throw new Refusal('UID_BLANK')
  }
}

type KeyedPatient = CleanPatient & { shiftDays: number; envelope: Envelope }

function readPatient(dataset: Dataset, key: StudyKey, context: PseudonymiseContext): KeyedPatient {
  const patientId = patientText(dataset, 0x00100020)
  const issuer = patientText(dataset, 0x00100021) || context.defaultIssuer.trim()
  if (patientId === '' || issuer === '') throw new Refusal('PATIENT_ID_BLANK')
  const { code, shiftDays } = keyCache(key).patient(issuer, patientId)
  const birthDate = asciiText(dataset, 0x00100030) ?? ''
  const studyDate = trueStudyDate(dataset)
  const sex = readSex(dataset)
  return {
    code,
    shiftDays,
    sex,
    ageYears: readAge(dataset, birthDate, studyDate),
    envelope: {
      version: 1,
      keyFingerprint: key.fingerprint,
      imagedInPeriod: isInPeriod(studyDate, context.imagingPeriod),
      birthDateHmac: dayNumber(birthDate) === undefined ? null : birthDateMac(key, { issuer, patientId }, birthDate),
      sex,
    },
  }
}

const readSex = (dataset: Dataset): CleanPatient['sex'] => {
  const sex = (asciiText(dataset, 0x00100040) ?? '').toUpperCase()
  return sex === 'M' || sex === 'F' || sex === 'O' ? sex : null
}

/** Day of the examination: of the study, else of its acquisition, series or content. */
function trueStudyDate(dataset: Dataset): string | undefined {
  return [0x00080020, 0x00080022, 0x00080021, 0x00080023]
    .map((tag) => asciiText(dataset, tag) ?? '')
    .find((date) => dayNumber(date) !== undefined)
}

/** Age in whole years at the examination from the birth date, else as the file states it; 90 for 90 and older. */
function readAge(dataset: Dataset, birthDate: string, studyDate: string | undefined): number | null {
  const years = studyDate === undefined ? undefined : wholeYears(birthDate, studyDate)
  const age = years ?? statedAge(asciiText(dataset, 0x00101010) ?? '')
  return age === undefined || age > 150 ? null : Math.min(age, 90)
}

const DAYS_OF_UNIT: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30.4375, Y: 365.25 }

function statedAge(text: string): number | undefined {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(text) ?? []
  if (count === undefined || unit === undefined) return undefined
  return unit === 'Y' ? Number(count) : Math.floor((Number(count) * (DAYS_OF_UNIT[unit] ?? 0)) / 365.25)
}

function isInPeriod(studyDate: string | undefined, period: PseudonymiseContext['imagingPeriod']): boolean | null {
  if (period === null || studyDate === undefined) return null
  return studyDate >= period.from.replaceAll('-', '') && studyDate <= period.to.replaceAll('-', '')
}

type KeyedInput = { sopClass: SopClass; shape: PixelShape; key: StudyKey; patient: KeyedPatient }

function keyedHeader(file: ParsedFile, { sopClass, shape, key, patient }: KeyedInput): Uint8Array<ArrayBuffer> {
  const cache = keyCache(key)
  const stated = asciiText(file.dataset, 0x00282110)
  const isLossy = file.transferSyntax.isLossy || stated === '01'
  return cleanHeader({
    dataset: file.dataset,
    sopClass,
    shape,
    rewrite: {
      uid: (uid) => cache.uid(uid),
      date: (date) => cache.date(date, patient.shiftDays),
      denies: denialOf(file.dataset),
    },
    own: ownValues({
      patient,
      modality: sopClass.modality,
      sopClassUid: sopClass.uid,
      fingerprint: key.fingerprint,
      lossy: isLossy ? '01' : stated === '00' ? '00' : null,
    }),
  })
}

/** Patient and other ids, accession number, study id, telephone numbers. */
const OWN_NUMBERS = [0x00100020, 0x00101000, 0x00080050, 0x00200010, 0x00102154]

/** Numbers of the patient of six digits or more must not stay inside a number that is kept (a series number, say). */
function denialOf(dataset: Dataset): (value: string) => boolean {
  const own = OWN_NUMBERS.flatMap((tag) => asciiText(dataset, tag)?.match(/\d{6,}/g) ?? [])
  return own.length === 0
    ? () => false
    : (value) => {
        const digits = value.replace(/\D/g, '')
        return own.some((number) => digits.includes(number))
      }
}

async function withPixels(
  file: ParsedFile,
  header: Uint8Array<ArrayBuffer>,
  shape: PixelShape,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = frameBytes(shape) * shape.frames
  const bytes = new Uint8Array(header.length + length + (length % 2))
  bytes.set(header)
  const pixels = bytes.subarray(header.length, header.length + length)
  await writeNativePixels(file, shape, pixels)
  if (hasUnusedBits(pixels, shape)) clearUnusedBits(pixels, shape)
  return bytes
}
