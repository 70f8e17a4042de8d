import { SOP_CLASSES } from './allow-list.ts'
import { frameMacros } from './functional-groups.ts'
import type { InstanceHeader } from './instance-header.ts'
import { nativeBytes, writeNativePixels } from './native-pixels.ts'
import { parseDicom } from './parse.ts'
import { frameBytes, type PixelShape, readPixelShape } from './pixel-shape.ts'
import { readInstanceHeader } from './read-instance-header.ts'
import { Refusal } from './refusal.ts'
import { rescaleOf } from './rescale.ts'
import { clearUnusedBits, hasUnusedBits } from './unused-bits.ts'
import { asciiText } from './values.ts'

export type DecodedFrame = {
  /** Stored values, row by row, bits above the stored ones cleared. A view of the file where it can be. */
  readonly values: Uint8Array | Int8Array | Uint16Array | Int16Array
  /** Modality value = slope × stored value + intercept (PS3.3 §C.11.1.1.2). */
  readonly slope: number
  readonly intercept: number
}

export type DecodedInstance = {
  readonly header: InstanceHeader
  readonly shape: PixelShape
  /** All frames as little endian words, as `hashPixels` takes them. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly frames: readonly DecodedFrame[]
}

/**
 * All frames of an instance as numbers, parsed once, for those who compute on them.
 *
 * @throws {Refusal} not readable, or not an image of ours
 */
export async function decodeInstance(bytes: Uint8Array<ArrayBuffer>): Promise<DecodedInstance> {
  const file = parseDicom(bytes)
  const { dataset, transferSyntax } = file
  const sopClass = SOP_CLASSES.get(asciiText(dataset, 0x00080016) ?? '')
  if (sopClass === undefined) throw new Refusal('SOP_CLASS_REFUSED')
  const shape = readPixelShape(dataset)
  const size = frameBytes(shape)
  let pixels: Uint8Array<ArrayBuffer>
  if (transferSyntax.pixels === 'native' && transferSyntax.dataset.littleEndian) {
    const native = nativeBytes(dataset, shape)
    const even = native.byteOffset % 2 === 0 ? native : native.slice()
    pixels = even === native && hasUnusedBits(even, shape) ? even.slice() : even
  } else {
    pixels = new Uint8Array(size * shape.frames)
    await writeNativePixels(file, shape, pixels)
  }
  if (hasUnusedBits(pixels, shape)) clearUnusedBits(pixels, shape)
  const macro = sopClass.kind === 'enhanced' ? frameMacros(dataset) : () => dataset
  const frames = Array.from({ length: shape.frames }, (_, frame): DecodedFrame => {
    const { rescaleSlope: slope, rescaleIntercept: intercept } = rescaleOf(macro(frame, 0x00289145))
    return { values: words(pixels.subarray(frame * size, (frame + 1) * size), shape), slope, intercept }
  })
  return { header: readInstanceHeader(dataset, sopClass), shape, pixels, frames }
}

function words(bytes: Uint8Array<ArrayBuffer>, { bitsAllocated, isSigned }: PixelShape): DecodedFrame['values'] {
  if (bitsAllocated === 8) return isSigned ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes
  const Words = isSigned ? Int16Array : Uint16Array
  return new Words(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}
