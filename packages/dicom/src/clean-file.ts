import type { SopClass } from './allow-list.ts'
import { byteWriter } from './byte-writer.ts'
import { type OwnValue, type Rewrite, writeClean } from './clean-dataset.ts'
import { type Dataset, PIXEL_DATA } from './dataset.ts'
import { frameBytes, type PixelShape } from './pixel-shape.ts'
import { EXPLICIT_LITTLE_UID } from './transfer-syntax.ts'
import { asciiText } from './values.ts'

const IMPLEMENTATION_UID = '2.25.183929048576120847735523901846205117344'
const IMPLEMENTATION_NAME = 'FACETGRADE_1'
const PREAMBLE = new Uint8Array(132)
PREAMBLE.set([0x44, 0x49, 0x43, 0x4d], 128)

type CleanHeaderInput = {
  dataset: Dataset
  sopClass: SopClass
  rewrite: Rewrite
  own: ReadonlyMap<number, OwnValue>
  shape: PixelShape
}

/**
 * Everything of a clean file up to its first pixel: zero preamble, rebuilt file meta information, the allowed attributes
 * in order, and the header of the pixels. The same input gives the same bytes.
 */
export function cleanHeader({ dataset, sopClass, rewrite, own, shape }: CleanHeaderInput): Uint8Array<ArrayBuffer> {
  const writer = byteWriter()
  writer.raw(PREAMBLE)
  writer.numbers(0x00020000, 'UL', [0])
  const metaStart = writer.length
  const withoutPixels = sopClass.rules.filter((rule) => rule.tag !== PIXEL_DATA)
  const sopInstanceUid = rewrittenInstanceUid(dataset, rewrite)
  writer.bytes(0x00020001, 'OB', Uint8Array.of(0, 1))
  writer.text(0x00020002, 'UI', sopClass.uid)
  writer.text(0x00020003, 'UI', sopInstanceUid)
  writer.text(0x00020010, 'UI', EXPLICIT_LITTLE_UID)
  writer.text(0x00020012, 'UI', IMPLEMENTATION_UID)
  writer.text(0x00020013, 'SH', IMPLEMENTATION_NAME)
  writer.patchUint32(metaStart - 4, writer.length - metaStart)
  writeClean(writer, { dataset, rules: withoutPixels, rewrite, own })
  const pixels = frameBytes(shape) * shape.frames
  writer.header(PIXEL_DATA, 'OW', pixels + (pixels % 2))
  return writer.view()
}

function rewrittenInstanceUid(dataset: Dataset, rewrite: Rewrite): string {
  return rewrite.uid(asciiText(dataset, 0x00080018) ?? '')
}
