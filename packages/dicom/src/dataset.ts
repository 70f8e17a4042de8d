import { LIMITS } from './limits.ts'
import { Refusal } from './refusal.ts'
import { hasLongHeader, type Vr, vrFromBytes } from './value-representation.ts'

export type Syntax = { explicit: boolean; littleEndian: boolean }

export const EXPLICIT_LITTLE: Syntax = { explicit: true, littleEndian: true }
export const IMPLICIT_LITTLE: Syntax = { explicit: false, littleEndian: true }
export const EXPLICIT_BIG: Syntax = { explicit: true, littleEndian: false }

/** One attribute as found: where its value lies. `vr` is undefined in implicit files, where a dictionary must say it. */
export type Element = {
  tag: number
  vr: Vr | undefined
  /** Offset of the value. */
  start: number
  /** Bytes of the value, without the delimiter of an undefined length. */
  length: number
  isUndefinedLength: boolean
}

export type Dataset = { source: Source; syntax: Syntax; elements: ReadonlyMap<number, Element>; depth: number }

/** Bytes under one budget: whatever part of a file is read, its items and elements count together. */
export type Source = { bytes: Uint8Array<ArrayBuffer>; view: DataView; budget: { elements: number; items: number } }

export const PIXEL_DATA = 0x7fe00010
const ITEM = 0xfffee000
const ITEM_END = 0xfffee00d
const SEQUENCE_END = 0xfffee0dd
const UNDEFINED_LENGTH = 0xffffffff

/** A plain view: Node's buffers are byte arrays too, but their `slice` shares memory where a byte array's copies. */
export const newSource = (bytes: Uint8Array<ArrayBuffer>): Source => ({
  bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  budget: { elements: LIMITS.elements, items: LIMITS.items },
})

const tagAt = (source: Source, offset: number, littleEndian: boolean): number =>
  source.view.getUint16(offset, littleEndian) * 0x10000 + source.view.getUint16(offset + 2, littleEndian)

type Header = { vr: Vr | undefined; start: number; length: number }

function readHeader(source: Source, offset: number, end: number, syntax: Syntax): Header {
  const { bytes, view } = source
  if (!syntax.explicit) return { vr: undefined, start: offset + 8, length: view.getUint32(offset + 4, true) }
  const vr = vrFromBytes(bytes[offset + 4] ?? 0, bytes[offset + 5] ?? 0)
  if (vr === undefined) throw new Refusal('STRUCTURE_MALFORMED')
  if (!hasLongHeader(vr)) return { vr, start: offset + 8, length: view.getUint16(offset + 6, syntax.littleEndian) }
  if (offset + 12 > end) throw new Refusal('TRUNCATED')
  return { vr, start: offset + 12, length: view.getUint32(offset + 8, syntax.littleEndian) }
}

/** Offset behind the sequence's delimiter, or behind the fragments of encapsulated pixels, starting at its first item. */
function skipUndefinedSequence(source: Source, start: number, syntax: Syntax, depth: number): number {
  if (depth > LIMITS.depth) throw new Refusal('NESTING_TOO_DEEP')
  let offset = start
  for (;;) {
    if (offset + 8 > source.bytes.length) throw new Refusal('TRUNCATED')
    const tag = tagAt(source, offset, syntax.littleEndian)
    const length = source.view.getUint32(offset + 4, syntax.littleEndian)
    if (tag === SEQUENCE_END) return offset + 8
    if (tag !== ITEM) throw new Refusal('STRUCTURE_MALFORMED')
    countItem(source)
    offset =
      length === UNDEFINED_LENGTH
        ? skipUndefinedItem(source, offset + 8, syntax, depth)
        : checkedEnd(source, offset + 8, length, source.bytes.length)
  }
}

function skipUndefinedItem(source: Source, start: number, syntax: Syntax, depth: number): number {
  let offset = start
  for (;;) {
    if (offset + 8 > source.bytes.length) throw new Refusal('TRUNCATED')
    if (tagAt(source, offset, syntax.littleEndian) === ITEM_END) return offset + 8
    offset = endOfElement(source, offset, source.bytes.length, { syntax, depth })
  }
}

function endOfElement(source: Source, offset: number, end: number, at: { syntax: Syntax; depth: number }): number {
  countElement(source)
  const { vr, start, length } = readHeader(source, offset, end, at.syntax)
  if (length !== UNDEFINED_LENGTH) return checkedEnd(source, start, length, end)
  return skipUndefinedSequence(source, start, innerSyntax(vr, at.syntax), at.depth + 1)
}

/** A sequence of unknown representation is encoded implicitly in little endian, whatever surrounds it (CP-246). */
function innerSyntax(vr: Vr | undefined, syntax: Syntax): Syntax {
  if (vr === undefined || vr === 'SQ' || vr === 'OB' || vr === 'OW') return syntax
  if (vr === 'UN') return IMPLICIT_LITTLE
  throw new Refusal('STRUCTURE_MALFORMED')
}

function checkedEnd(source: Source, start: number, length: number, end: number): number {
  if (start + length > end) throw new Refusal('TRUNCATED')
  if (length > LIMITS.valueBytes && start + length !== source.bytes.length) throw new Refusal('VALUE_TOO_LARGE')
  return start + length
}

function countElement(source: Source): void {
  source.budget.elements -= 1
  if (source.budget.elements < 0) throw new Refusal('TOO_MANY_ELEMENTS')
}

function countItem(source: Source): void {
  source.budget.items -= 1
  if (source.budget.items < 0) throw new Refusal('TOO_MANY_ITEMS')
}

/**
 * The attributes of one data set, each with the place of its value; sequences are entered only when asked for.
 *
 * @param until  stops before the first attribute of a group at or above this one (file meta information)
 * @throws {Refusal} the encoding breaks PS3.5 §7, attributes repeat or are out of order, or a cap is passed
 */
export function readDataset(
  source: Source,
  range: { start: number; end: number; until?: number },
  syntax: Syntax,
  depth = 0,
): Dataset & { end: number } {
  if (depth > LIMITS.depth) throw new Refusal('NESTING_TOO_DEEP')
  const elements = new Map<number, Element>()
  let offset = range.start
  let previous = -1
  while (offset < range.end) {
    if (offset + 8 > range.end) throw new Refusal('TRUNCATED')
    const tag = tagAt(source, offset, syntax.littleEndian)
    if (range.until !== undefined && tag >>> 16 >= range.until) break
    if (tag === ITEM_END && depth > 0) break
    if (tag >>> 16 === 0xfffe) throw new Refusal('STRUCTURE_MALFORMED')
    if (tag === previous) throw new Refusal('ELEMENT_DUPLICATE')
    if (tag < previous) throw new Refusal('ELEMENT_MISORDERED')
    previous = tag
    countElement(source)
    const { vr, start, length } = readHeader(source, offset, range.end, syntax)
    if (length === UNDEFINED_LENGTH) {
      offset = skipUndefinedSequence(source, start, innerSyntax(vr, syntax), depth + 1)
      if (offset > range.end) throw new Refusal('STRUCTURE_MALFORMED')
      elements.set(tag, { tag, vr, start, length: offset - start - 8, isUndefinedLength: true })
      continue
    }
    if (start + length > range.end) throw new Refusal('TRUNCATED')
    if (length > LIMITS.valueBytes && tag !== PIXEL_DATA) throw new Refusal('VALUE_TOO_LARGE')
    elements.set(tag, { tag, vr, start, length, isUndefinedLength: false })
    offset = start + length
  }
  return { source, syntax, elements, depth, end: offset }
}

/** The items of a sequence, each a data set of its own. Use only where the dictionary says that it is one. */
export function readItems(dataset: Dataset, element: Element): Dataset[] {
  const { source, depth } = dataset
  if (element.vr !== undefined && element.vr !== 'SQ' && element.vr !== 'UN') throw new Refusal('STRUCTURE_MALFORMED')
  const syntax = element.vr === 'UN' ? IMPLICIT_LITTLE : dataset.syntax
  const end = element.start + element.length
  const items: Dataset[] = []
  let offset = element.start
  while (offset < end) {
    if (offset + 8 > end) throw new Refusal('TRUNCATED')
    const tag = tagAt(source, offset, syntax.littleEndian)
    const length = source.view.getUint32(offset + 4, syntax.littleEndian)
    if (tag === SEQUENCE_END && !element.isUndefinedLength && length === 0 && offset + 8 === end) break
    if (tag !== ITEM) throw new Refusal('STRUCTURE_MALFORMED')
    countItem(source)
    const start = offset + 8
    const isOpen = length === UNDEFINED_LENGTH
    if (!isOpen && start + length > end) throw new Refusal('TRUNCATED')
    const item = readDataset(source, { start, end: isOpen ? end : start + length }, syntax, depth + 1)
    if (isOpen && (item.end + 8 > end || tagAt(source, item.end, syntax.littleEndian) !== ITEM_END)) {
      throw new Refusal('TRUNCATED')
    }
    if (!isOpen && item.end !== start + length) throw new Refusal('STRUCTURE_MALFORMED')
    items.push(item)
    offset = isOpen ? item.end + 8 : start + length
  }
  return items
}

/** Fragments of encapsulated pixels (PS3.5 §A.4): the first one is the basic offset table. */
export function readFragments(dataset: Dataset, element: Element): Uint8Array<ArrayBuffer>[] {
  const { source } = dataset
  const end = element.start + element.length
  const fragments: Uint8Array<ArrayBuffer>[] = []
  let offset = element.start
  while (offset < end) {
    if (offset + 8 > end) throw new Refusal('TRUNCATED')
    const length = source.view.getUint32(offset + 4, true)
    if (tagAt(source, offset, true) !== ITEM || length === UNDEFINED_LENGTH) throw new Refusal('STRUCTURE_MALFORMED')
    if (offset + 8 + length > end) throw new Refusal('TRUNCATED')
    countItem(source)
    fragments.push(source.bytes.subarray(offset + 8, offset + 8 + length))
    offset += 8 + length
  }
  return fragments
}
