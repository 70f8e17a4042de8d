import { SOP_CLASSES, type SopClass } from './allow-list.ts'
import { type Rewrite, UID } from './clean-dataset.ts'
import { cleanHeader } from './clean-file.ts'
import { contentHash } from './content-hash.ts'
import type { Dataset } from './dataset.ts'
import type { InstanceHeader } from './instance-header.ts'
import { nativeBytes } from './native-pixels.ts'
import { type ParsedFile, parseDicom } from './parse.ts'
import { hashPixels } from './pixel-hash.ts'
import { type PixelShape, readPixelShape } from './pixel-shape.ts'
import type { VerifyOutcome } from './pseudonymised-file.ts'
import { readInstanceHeader } from './read-instance-header.ts'
import { Refusal } from './refusal.ts'
import { refusalOutcome } from './refusal-outcome.ts'
import { ownValues, stampedFingerprint } from './stamp.ts'
import { hasUnusedBits } from './unused-bits.ts'
import { asciiText } from './values.ts'

/**
 * The server's check, whatever way a file came in: without a key, changing nothing. A file is clean when writing its own
 * content through the allow-list again gives the same bytes, so there is no place left for anything else: not in the
 * preamble, between attributes, in unused bits, nor after the pixels.
 */
export async function verify(
  bytes: Uint8Array<ArrayBuffer>,
  { keyFingerprint }: { keyFingerprint: string },
): Promise<VerifyOutcome> {
  try {
    const { header, pixels, shape } = checkClean(bytes, keyFingerprint)
    return {
      outcome: 'clean',
      header,
      sopInstanceUid: header.sopInstanceUid,
      patientCode: header.patientCode,
      pixelHash: await hashPixels(pixels, shape),
      contentHash: await contentHash([bytes]),
    }
  } catch (error) {
    return refusalOutcome(error, 'NOT_CLEAN')
  }
}

export type CleanContent = { header: InstanceHeader; pixels: Uint8Array<ArrayBuffer>; shape: PixelShape }

/** @throws {Refusal} NOT_PSEUDONYMISED, KEY_MISMATCH, NOT_CLEAN, or what reading the file gave */
export function checkClean(bytes: Uint8Array<ArrayBuffer>, keyFingerprint: string): CleanContent {
  const file = parseDicom(bytes)
  const { dataset } = file
  const fingerprint = stampedFingerprint(dataset)
  if (fingerprint === undefined) throw new Refusal('NOT_PSEUDONYMISED')
  if (fingerprint !== keyFingerprint) throw new Refusal('KEY_MISMATCH')
  const sopClass = SOP_CLASSES.get(asciiText(dataset, 0x00080016) ?? '')
  if (sopClass === undefined) throw new Refusal('SOP_CLASS_REFUSED')
  const shape = readPixelShape(dataset)
  const header = rewrittenHeader(file, { sopClass, shape, fingerprint })
  const pixels = nativeBytes(dataset, shape)
  const end = header.length + pixels.length + (pixels.length % 2)
  const isSame =
    bytes.length === end && startsWith(bytes, header) && (end === header.length + pixels.length || bytes[end - 1] === 0)
  if (!isSame || hasUnusedBits(alignedPixels(pixels), shape)) throw new Refusal('NOT_CLEAN')
  return { header: readInstanceHeader(dataset, sopClass), pixels, shape }
}

type Rewritten = { sopClass: SopClass; shape: PixelShape; fingerprint: string }

function rewrittenHeader(
  { dataset }: ParsedFile,
  { sopClass, shape, fingerprint }: Rewritten,
): Uint8Array<ArrayBuffer> {
  const lossy = asciiText(dataset, 0x00282110) ?? null
  if (lossy !== null && lossy !== '00' && lossy !== '01') throw new Refusal('NOT_CLEAN')
  const own = ownValues({
    patient: { code: cleanPatientCode(dataset), sex: cleanSex(dataset), ageYears: cleanAge(dataset) },
    modality: sopClass.modality,
    sopClassUid: sopClass.uid,
    fingerprint,
    lossy,
  })
  return cleanHeader({ dataset, sopClass, rewrite: KEYLESS, own, shape })
}

/** The verifier has no key and no original: it lets through what already has the form of the keyed. */
const KEYLESS: Rewrite = { uid: keyedUidOrRefuse, date: (date) => date, denies: () => false }

/** A keyed UID is `2.25.` and an integer below 2^128; any other one has not been through a key. */
function keyedUidOrRefuse(uid: string): string {
  if (!UID.test(uid) || !/^2\.25\.\d{1,39}$/.test(uid) || BigInt(uid.slice(5)) >= 1n << 128n)
    throw new Refusal('NOT_CLEAN')
  return uid
}

function cleanPatientCode(dataset: Dataset): string {
  const code = asciiText(dataset, 0x00100020) ?? ''
  if (!/^P[0-9A-HJKMNP-TV-Z]{10}$/.test(code)) throw new Refusal('NOT_CLEAN')
  return code
}

function cleanSex(dataset: Dataset): 'M' | 'F' | 'O' | null {
  const sex = asciiText(dataset, 0x00100040) ?? ''
  if (sex === 'M' || sex === 'F' || sex === 'O') return sex
  return null
}

function cleanAge(dataset: Dataset): number | null {
  const age = asciiText(dataset, 0x00101010)
  if (age === undefined) return null
  if (!/^(?:0[0-8]\d|090)Y$/.test(age)) throw new Refusal('NOT_CLEAN')
  return Number(age.slice(0, 3))
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at += 1) if (bytes[at] !== start[at]) return false
  return true
}

/** Words need an even offset in their buffer; a slice cut out of a larger upload may lie at an odd one. */
const alignedPixels = (pixels: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  pixels.byteOffset % 2 === 0 ? pixels : pixels.slice()
