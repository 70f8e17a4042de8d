import { deflateSync } from 'fflate'
import { NUMBER_SIZE, writeNumber } from './byte-writer.ts'
import type { Syntax } from './dataset.ts'
import { TRANSFER_SYNTAXES } from './transfer-syntax.ts'
import { hasLongHeader, type Vr } from './value-representation.ts'

/**
 * One attribute to write. Text may be several values joined by a backslash; `items` are data sets of a sequence;
 * `fragments` are the frames of encapsulated pixels, without the offset table.
 */
export type DicomElement =
  | { tag: number; vr: Vr; text: string }
  | { tag: number; vr: keyof typeof NUMBER_SIZE; numbers: readonly number[] }
  | { tag: number; vr: Vr; bytes: Uint8Array }
  | { tag: number; vr: 'SQ' | 'UN'; items: readonly (readonly DicomElement[])[]; undefinedLength?: boolean }
  | { tag: number; vr: 'OB' | 'OW'; fragments: readonly Uint8Array[] }

export type WriteOptions = {
  /** Default: explicit little endian. The pixels given must be in that syntax already. */
  transferSyntaxUid?: string
  /** More file meta information than the class, the instance and the syntax. */
  meta?: readonly DicomElement[]
  preamble?: Uint8Array
  trailing?: Uint8Array
  /** Writes the elements as they come, for files that break the order. Default: sorted by tag. */
  keepOrder?: boolean
}

const UNDEFINED_LENGTH = 0xffffffff
const ITEM = 0xfffee000
const ITEM_END = 0xfffee00d
const SEQUENCE_END = 0xfffee0dd

/**
 * Writes a DICOM file (PS3.10 §7). It serves phantoms and tests, so it writes what it is told and judges nothing;
 * pseudonymised files are written by the pseudonymiser alone.
 */
export function writeDicom(elements: readonly DicomElement[], options: WriteOptions = {}): Uint8Array<ArrayBuffer> {
  const uid = options.transferSyntaxUid ?? '1.2.840.10008.1.2.1'
  const transferSyntax = TRANSFER_SYNTAXES.get(uid)
  const syntax = transferSyntax?.dataset ?? { explicit: true, littleEndian: true }
  const keepOrder = options.keepOrder ?? false
  const body = writeElements(elements, syntax, keepOrder)
  const dataset = transferSyntax?.isDeflated ? deflateSync(body) : body
  const meta = writeElements(metaOf(elements, uid, options.meta ?? []), { explicit: true, littleEndian: true }, false)
  const length = writeElements(
    [{ tag: 0x00020000, vr: 'UL', numbers: [meta.length] }],
    { explicit: true, littleEndian: true },
    false,
  )
  const start = new Uint8Array(132)
  start.set((options.preamble ?? new Uint8Array(0)).subarray(0, 128))
  start.set([0x44, 0x49, 0x43, 0x4d], 128)
  return concatenate([start, length, meta, dataset, options.trailing ?? new Uint8Array(0)])
}

function metaOf(elements: readonly DicomElement[], uid: string, more: readonly DicomElement[]): DicomElement[] {
  const textOf = (tag: number): string => {
    const found = elements.find((element) => element.tag === tag)
    return found && 'text' in found ? found.text : ''
  }
  return [
    { tag: 0x00020001, vr: 'OB', bytes: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: 'UI', text: textOf(0x00080016) },
    { tag: 0x00020003, vr: 'UI', text: textOf(0x00080018) },
    { tag: 0x00020010, vr: 'UI', text: uid },
    { tag: 0x00020012, vr: 'UI', text: '2.25.183929048576120847735523901846205117344' },
    ...more,
  ]
}

function writeElements(elements: readonly DicomElement[], syntax: Syntax, keepOrder: boolean): Uint8Array<ArrayBuffer> {
  const ordered = keepOrder ? elements : elements.toSorted((a, b) => a.tag - b.tag)
  return concatenate(ordered.flatMap((element) => writeElement(element, syntax, keepOrder)))
}

function writeElement(element: DicomElement, syntax: Syntax, keepOrder: boolean): Uint8Array[] {
  if ('items' in element) return writeSequence(element, syntax, keepOrder)
  if ('fragments' in element) {
    const table = [header(ITEM, undefined, 0, syntax)]
    const items = element.fragments.flatMap((part) => [header(ITEM, undefined, even(part).length, syntax), even(part)])
    const end = header(SEQUENCE_END, undefined, 0, syntax)
    return [header(element.tag, element.vr, UNDEFINED_LENGTH, syntax), ...table, ...items, end]
  }
  const value = even(valueBytes(element, syntax), element.vr === 'UI' || !('text' in element) ? 0 : 0x20)
  return [header(element.tag, element.vr, value.length, syntax), value]
}

function valueBytes(
  element: Exclude<DicomElement, { items: unknown } | { fragments: unknown }>,
  { littleEndian }: Syntax,
): Uint8Array {
  if ('bytes' in element) return element.bytes
  if ('text' in element) return new TextEncoder().encode(element.text)
  const size = NUMBER_SIZE[element.vr]
  const bytes = new Uint8Array(element.numbers.length * size)
  const view = new DataView(bytes.buffer)
  element.numbers.forEach((value, index) => {
    writeNumber(view, { at: index * size, vr: element.vr, littleEndian }, value)
  })
  return bytes
}

function writeSequence(
  element: Extract<DicomElement, { items: unknown }>,
  syntax: Syntax,
  keepOrder: boolean,
): Uint8Array[] {
  // A sequence of unknown representation is implicit little endian inside (CP-246).
  const inner = element.vr === 'UN' ? { explicit: false, littleEndian: true } : syntax
  const isOpen = element.undefinedLength ?? false
  const items = element.items.flatMap((item) => {
    const content = writeElements(item, inner, keepOrder)
    return isOpen
      ? [header(ITEM, undefined, UNDEFINED_LENGTH, inner), content, header(ITEM_END, undefined, 0, inner)]
      : [header(ITEM, undefined, content.length, inner), content]
  })
  const content = concatenate(items)
  return isOpen
    ? [header(element.tag, element.vr, UNDEFINED_LENGTH, syntax), content, header(SEQUENCE_END, undefined, 0, inner)]
    : [header(element.tag, element.vr, content.length, syntax), content]
}

function header(tag: number, vr: Vr | undefined, length: number, { explicit, littleEndian }: Syntax): Uint8Array {
  const isLong = explicit && vr !== undefined && hasLongHeader(vr)
  const bytes = new Uint8Array(isLong ? 12 : 8)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, tag >>> 16, littleEndian)
  view.setUint16(2, tag & 0xffff, littleEndian)
  if (!explicit || vr === undefined) {
    view.setUint32(4, length, littleEndian)
    return bytes
  }
  bytes[4] = vr.charCodeAt(0)
  bytes[5] = vr.charCodeAt(1)
  if (isLong) view.setUint32(8, length, littleEndian)
  else view.setUint16(6, length, littleEndian)
  return bytes
}

function even(bytes: Uint8Array, pad = 0): Uint8Array {
  if (bytes.length % 2 === 0) return bytes
  const padded = new Uint8Array(bytes.length + 1)
  padded.set(bytes)
  padded[bytes.length] = pad
  return padded
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
