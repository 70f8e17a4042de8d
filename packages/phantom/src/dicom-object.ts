import { type ByteWriter, byteWriter } from '@facetgrade/dicom/byte-writer'
import { EXPLICIT_LITTLE_UID } from '@facetgrade/dicom/transfer-syntax'
import type { Vr } from '@facetgrade/dicom/value-representation'

/** Attributes by tag, in ascending order when written: text, numbers of binary representations, or a sequence's items. */
export type Attribute =
  | { tag: number; vr: Vr; value: string | readonly number[] }
  | { tag: number; items: readonly (readonly Attribute[])[] }

export const text = (tag: number, vr: Vr, value: string): Attribute => ({ tag, vr, value })
export const words = (tag: number, ...value: number[]): Attribute => ({ tag, vr: 'US', value })
export const decimals = (tag: number, ...values: number[]): Attribute => ({
  tag,
  vr: 'DS',
  value: values.map((value) => String(Math.round(value * 1e6) / 1e6)).join('\\'),
})
/** A code of a sequence of one item. */
export const concept = (tag: number, code: { value: string; scheme: string; meaning: string }): Attribute => ({
  tag,
  items: [
    [text(0x00080100, 'SH', code.value), text(0x00080102, 'SH', code.scheme), text(0x00080104, 'LO', code.meaning)],
  ],
})

/** Names this writer in the files' meta header; no manufacturer's. */
const IMPLEMENTATION_UID = '2.25.302044102361538274927364018265948377461'

/** An uncompressed DICOM object (PS3.10, explicit little endian) with 16-bit pixels. */
export function dicomObject(object: {
  sopClassUid: string
  sopInstanceUid: string
  attributes: readonly Attribute[]
  pixels: Int16Array | Uint16Array
}): Uint8Array<ArrayBuffer> {
  const writer = byteWriter()
  writer.raw(new Uint8Array(128))
  writer.raw(new TextEncoder().encode('DICM'))
  writer.numbers(0x00020000, 'UL', [0])
  const metaStart = writer.length
  writer.bytes(0x00020001, 'OB', new Uint8Array([0, 1]))
  writer.text(0x00020002, 'UI', object.sopClassUid)
  writer.text(0x00020003, 'UI', object.sopInstanceUid)
  writer.text(0x00020010, 'UI', EXPLICIT_LITTLE_UID)
  writer.text(0x00020012, 'UI', IMPLEMENTATION_UID)
  writer.patchUint32(metaStart - 4, writer.length - metaStart)
  const own = [text(0x00080016, 'UI', object.sopClassUid), text(0x00080018, 'UI', object.sopInstanceUid)]
  writeAttributes(writer, [...own, ...object.attributes])
  const { buffer, byteOffset, byteLength } = object.pixels
  writer.bytes(0x7fe00010, 'OW', new Uint8Array(buffer, byteOffset, byteLength))
  return writer.view().slice()
}

function writeAttributes(writer: ByteWriter, attributes: readonly Attribute[]): void {
  for (const attribute of attributes.toSorted((a, b) => a.tag - b.tag)) {
    if ('items' in attribute) {
      const closeSequence = writer.openSequence(attribute.tag)
      for (const item of attribute.items) {
        const closeItem = writer.openItem()
        writeAttributes(writer, item)
        closeItem()
      }
      closeSequence()
      continue
    }
    const { tag, vr, value } = attribute
    if (typeof value === 'string') writer.text(tag, vr, value)
    else if (vr === 'US' || vr === 'SS' || vr === 'UL' || vr === 'SL' || vr === 'FL' || vr === 'FD')
      writer.numbers(tag, vr, value)
    else throw new RangeError(`no numbers in ${vr}`)
  }
}
