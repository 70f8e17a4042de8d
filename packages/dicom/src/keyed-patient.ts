import { dateOfDay, dayNumber } from './calendar-date.ts'
import type { StudyKey } from './study-key.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const MIN_SHIFT_DAYS = 366
const SHIFT_SPAN_DAYS = 3285

/**
 * `P` and 50 bits of HMAC(issuer, id) in Crockford base 32. Issuer and id are compared after trimming and Unicode NFC,
 * case and leading zeros kept, in images and in the clinical table alike.
 *
 * @throws {RangeError} a blank part: blanks are never merged into one patient
 */
export function patientCodeOf(key: StudyKey, issuer: string, patientId: string): string {
  const digest = patientMac(key, 'patient', issuer, patientId)
  let bits = digest.slice(0, 7).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 6n
  let code = ''
  for (let index = 0; index < 10; index += 1) {
    code = `${CROCKFORD[Number(bits & 31n)]}${code}`
    bits >>= 5n
  }
  return `P${code}`
}

/** Days by which every date of the patient moves into the past: 366 to 3,650, the same for all. */
export function dateShiftDays(key: StudyKey, issuer: string, patientId: string): number {
  const digest = patientMac(key, 'dates', issuer, patientId)
  const draw = digest.slice(0, 6).reduce((value, byte) => value * 256 + byte, 0)
  return -(MIN_SHIFT_DAYS + (draw % SHIFT_SPAN_DAYS))
}

/** The date moved by whole days, so that intervals survive to the day. */
export function shiftDate(date: string, days: number): string {
  const day = dayNumber(date)
  if (day === undefined) throw new RangeError('not a date')
  return dateOfDay(day + days)
}

/** Keyed UID `2.25.` and 128 bits (PS3.5 §B.2): the same within a study, unlinkable across studies. */
export function keyedUid(key: StudyKey, uid: string): string {
  const bits = key
    .mac('uid', uid)
    .slice(0, 16)
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
  return `2.25.${bits}`
}

/** Hex HMAC of the birth date with the patient, so that equal birthdays of two people do not show. */
export function birthDateMac(key: StudyKey, patient: { issuer: string; patientId: string }, birthDate: string): string {
  const digest = patientMac(key, 'birth-date', patient.issuer, patient.patientId, birthDate)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function patientMac(key: StudyKey, purpose: string, ...parts: readonly string[]): Uint8Array {
  const clean = parts.map((part) => part.trim().normalize('NFC'))
  if (clean.includes('')) throw new RangeError('blank patient identity')
  return key.mac(purpose, ...clean)
}
