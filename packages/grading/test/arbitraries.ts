import fc from 'fast-check'
import type { CellAnswer } from '../src/cell.ts'

export const seeds = fc.stringMatching(/^[0-9a-f]{64}$/)

const reasons = fc.oneof(
  fc.constantFrom('not_covered', 'artefact', 'not_visible', 'hardware').map((code) => ({ code }) as const),
  fc.string({ maxLength: 8 }).map((text) => ({ code: 'other', text: `seen ${text}.` }) as const),
)

/** Answers on a scale of so many levels. */
export function answers(levels: number): fc.Arbitrary<CellAnswer> {
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.integer({ min: 0, max: levels - 1 }).map((grade) => ({ kind: 'graded', grade }) as const),
    },
    { weight: 1, arbitrary: reasons.map((reason) => ({ kind: 'not_assessable', reason }) as const) },
  )
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The patient code that spells a number in Crockford base 32. */
export function patientCodeOf(number: number): string {
  let code = ''
  for (let left = number; code.length < 10; left = Math.floor(left / 32)) code = `${ALPHABET[left % 32]}${code}`
  return `P${code}`
}
