import { type Dataset, PIXEL_DATA, readFragments } from './dataset.ts'
import type { ParsedFile } from './parse.ts'
import { frameBytes, type PixelShape } from './pixel-shape.ts'
import { Refusal } from './refusal.ts'
import { decodeRunLength } from './run-length.ts'

/**
 * Writes all frames as little endian words into `into` (frames × rows × columns × bytes, at an even offset).
 *
 * @throws {Refusal} PIXELS_MISSING, PIXELS_LENGTH, PIXELS_UNDECODABLE, TRANSFER_SYNTAX_UNSUPPORTED
 */
export async function writeNativePixels(
  { dataset, transferSyntax }: ParsedFile,
  shape: PixelShape,
  into: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const element = dataset.elements.get(PIXEL_DATA)
  if (element === undefined || (element.length === 0 && !element.isUndefinedLength)) throw new Refusal('PIXELS_MISSING')
  if (transferSyntax.pixels === 'native') {
    if (element.isUndefinedLength) throw new Refusal('STRUCTURE_MALFORMED')
    into.set(nativeBytes(dataset, shape))
    if (!transferSyntax.dataset.littleEndian && (shape.bitsAllocated === 16 || element.vr === 'OW')) swapPairs(into)
    return
  }
  if (!element.isUndefinedLength) throw new Refusal('STRUCTURE_MALFORMED')
  const frames = groupFrames(readFragments(dataset, element), shape.frames)
  const size = frameBytes(shape)
  if (transferSyntax.pixels === 'rle') {
    frames.forEach((frame, index) => {
      decodeRunLength(frame, shape.bitsAllocated === 16 ? 2 : 1, into.subarray(index * size, (index + 1) * size))
    })
    return
  }
  const { decodeJpegFrame } = await import('./jpeg-frame.ts')
  for (const [index, frame] of frames.entries()) {
    into.set(await decodeJpegFrame(frame, shape, transferSyntax.pixels), index * size)
  }
}

/** The bytes of native pixels as they lie in the file, without a pad byte. Their length must be what the shape says. */
export function nativeBytes(dataset: Dataset, shape: PixelShape): Uint8Array<ArrayBuffer> {
  const element = dataset.elements.get(PIXEL_DATA)
  if (element === undefined) throw new Refusal('PIXELS_MISSING')
  const expected = frameBytes(shape) * shape.frames
  if (element.length !== expected + (expected % 2)) throw new Refusal('PIXELS_LENGTH')
  return dataset.source.bytes.subarray(element.start, element.start + expected)
}

function swapPairs(words: Uint8Array): void {
  for (let at = 0; at + 1 < words.length; at += 2) {
    const low = words[at] ?? 0
    words[at] = words[at + 1] ?? 0
    words[at + 1] = low
  }
}

/**
 * One byte string per frame. Without an offset table several fragments can belong to one frame only where there is one
 * frame, or one fragment each (PS3.5 §A.4).
 */
function groupFrames(fragments: readonly Uint8Array<ArrayBuffer>[], frames: number): Uint8Array<ArrayBuffer>[] {
  const [table, ...data] = fragments
  if (table === undefined || data.length < frames) throw new Refusal('PIXELS_LENGTH')
  if (data.length === frames) return data
  if (frames === 1) return [join(data)]
  if (table.length !== frames * 4) throw new Refusal('PIXELS_UNDECODABLE')
  return groupByTable(table, data)
}

function groupByTable(
  table: Uint8Array<ArrayBuffer>,
  data: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  const groups: Uint8Array<ArrayBuffer>[][] = []
  let offset = 0
  for (const fragment of data) {
    const next = groups.length * 4
    if (next < table.length && view.getUint32(next, true) === offset) groups.push([])
    const group = groups.at(-1)
    if (group === undefined) throw new Refusal('PIXELS_UNDECODABLE')
    group.push(fragment)
    offset += 8 + fragment.length
  }
  if (groups.length * 4 !== table.length) throw new Refusal('PIXELS_LENGTH')
  return groups.map(join)
}

function join(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (parts.length === 1 && parts[0]) return parts[0]
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
