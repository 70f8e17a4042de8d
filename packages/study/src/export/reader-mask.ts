import { createHmac } from 'node:crypto'

/** A reader's code as an export shows it. */
export type ReaderMask = (code: string) => string

export const noMask: ReaderMask = (code) => code

/**
 * Codes `M1`, `M2` … for a study's readers by a keyed permutation: the same in every blinded export of the study, and
 * without the key nobody can tell which is which. The group stays: a plan cannot be tried without it.
 */
export function readerMask(key: string, codes: readonly string[]): ReaderMask {
  const digest = (code: string): string => createHmac('sha256', key).update(code).digest('hex')
  const order = codes.toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1))
  const masks = new Map(order.map((code, index) => [code, `M${index + 1}`]))
  return (code) => {
    const mask = masks.get(code)
    if (mask === undefined) throw new RangeError('reader mask: a reader who is not of the study')
    return mask
  }
}
