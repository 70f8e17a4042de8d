import type { Dataset, Element } from './dataset.ts'
import { Refusal } from './refusal.ts'

const isPad = (byte: number | undefined): boolean => byte === 0x20 || byte === 0

/** Bytes of a value, not copied. */
export function valueBytes(dataset: Dataset, element: Element): Uint8Array<ArrayBuffer> {
  if (element.isUndefinedLength) throw new Refusal('STRUCTURE_MALFORMED')
  return dataset.source.bytes.subarray(element.start, element.start + element.length)
}

/** Text of an attribute without its padding, one character a byte; undefined where absent. For ASCII attributes. */
export function asciiText(dataset: Dataset, tag: number): string | undefined {
  const element = dataset.elements.get(tag)
  if (element === undefined) return undefined
  if (element.isUndefinedLength || element.length > 65_536) throw new Refusal('STRUCTURE_MALFORMED')
  const { bytes } = dataset.source
  let start = element.start
  let end = element.start + element.length
  while (end > start && isPad(bytes[end - 1])) end -= 1
  while (start < end && isPad(bytes[start])) start += 1
  let text = ''
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

/** The values of a text attribute, each without padding; none where absent or empty. */
export function asciiValues(dataset: Dataset, tag: number): string[] {
  const text = asciiText(dataset, tag)
  return text === undefined || text === '' ? [] : text.split('\\').map((value) => value.replace(/^[ \0]+|[ \0]+$/g, ''))
}

/** Decimal or integer strings as numbers; undefined when one of them is not a number (PS3.5 §6.2, DS and IS). */
export function decimalValues(dataset: Dataset, tag: number): number[] | undefined {
  const values = asciiValues(dataset, tag)
  return values.every(isDecimal) ? values.map(Number) : undefined
}

/** A decimal as PS3.5 writes it. Up to 32 characters, because scanners do exceed the 16 that the standard allows. */
export const isDecimal = (text: string): boolean =>
  text.length <= 32 && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) && Number.isFinite(Number(text))

/** First unsigned 16-bit value of an attribute; undefined where absent or of another length. */
export function uint16(dataset: Dataset, tag: number): number | undefined {
  const element = dataset.elements.get(tag)
  if (element === undefined || element.length < 2) return undefined
  return dataset.source.view.getUint16(element.start, dataset.syntax.littleEndian)
}
