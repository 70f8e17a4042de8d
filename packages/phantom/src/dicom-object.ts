import { byteWriter } from '@facetgrade/dicom/byte-writer'
import { EXPLICIT_LITTLE_UID } from '@facetgrade/dicom/transfer-syntax'
import type { Vr } from '@facetgrade/dicom/value-representation'

/** Attributes by tag, in ascending order when written: text values, or numbers for binary representations. */
export type Attribute = { tag: number; vr: Vr; value: string | readonly number[] }

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
  writer.text(0x00020012, 'UI', '2.25.302044102361538274927364018265948377461')
  writer.patchUint32(metaStart - 4, writer.length - metaStart)
  const own: Attribute[] = [
    { tag: 0x00080016, vr: 'UI', value: object.sopClassUid },
    { tag: 0x00080018, vr: 'UI', value: object.sopInstanceUid },
  ]
  for (const { tag, vr, value } of [...own, ...object.attributes].toSorted((a, b) => a.tag - b.tag)) {
    if (typeof value === 'string') writer.text(tag, vr, value)
    else if (vr === 'US' || vr === 'SS' || vr === 'UL' || vr === 'SL' || vr === 'FL' || vr === 'FD')
      writer.numbers(tag, vr, value)
    else throw new RangeError(`no numbers in ${vr}`)
  }
  writer.bytes(
    0x7fe00010,
    'OW',
    new Uint8Array(object.pixels.buffer, object.pixels.byteOffset, object.pixels.byteLength),
  )
  return writer.view().slice()
}
