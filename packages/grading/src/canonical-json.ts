/**
 * Canonical JSON of RFC 8785 (JCS): no white space, keys sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them. Every hash of a document is taken over this text.
 *
 * @throws {RangeError} for anything that JSON cannot say: undefined, NaN, an infinity, a lone surrogate, a function, a
 * bigint, an object that is not plain (a Date must be written as text first)
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${members.map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`).join(',')}}`
  }
  throw new RangeError(`canonicalJson: JSON has no ${typeof value === 'object' ? 'such object' : typeof value}`)
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('canonicalJson: JSON has no such number')
  return JSON.stringify(value)
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new RangeError('canonicalJson: lone surrogate')
  return JSON.stringify(text)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
