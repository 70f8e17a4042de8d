import { createHash } from 'node:crypto'

/** A UID under 2.25 (PS3.5 §B.2) from the first 128 bits of a SHA-256: the same text gives the same UID. */
export function derivedUid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32)
  return `2.25.${BigInt(`0x${hex}`)}`
}
