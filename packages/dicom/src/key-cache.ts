import { dateShiftDays, keyedUid, patientCodeOf, shiftDate } from './keyed-patient.ts'
import type { StudyKey } from './study-key.ts'

const MAX_ENTRIES = 20_000

export type KeyCache = {
  patient(issuer: string, patientId: string): { code: string; shiftDays: number }
  uid(uid: string): string
  date(date: string, shiftDays: number): string
}

const caches = new WeakMap<StudyKey, KeyCache>()

/** Files of a series share nearly all their identifiers: each is keyed once. Bounded, in memory, gone with the key. */
export function keyCache(key: StudyKey): KeyCache {
  const before = caches.get(key)
  if (before) return before
  const patient = memo((text: string) => {
    const [issuer = '', patientId = ''] = JSON.parse(text) as string[]
    return { code: patientCodeOf(key, issuer, patientId), shiftDays: dateShiftDays(key, issuer, patientId) }
  })
  const date = memo((text: string) => shiftDate(text.slice(0, 8), Number(text.slice(8))))
  const cache: KeyCache = {
    patient: (issuer, patientId) => patient(JSON.stringify([issuer, patientId])),
    uid: memo((uid: string) => keyedUid(key, uid)),
    date: (text, shiftDays) => date(`${text}${shiftDays}`),
  }
  caches.set(key, cache)
  return cache
}

function memo<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const fresh = compute(text)
    if (known.size >= MAX_ENTRIES) known.clear()
    known.set(text, fresh)
    return fresh
  }
}
