import { type DisplayMetadata, displayMetadataOf } from './display-metadata.ts'
import { nativeBytes, writeNativePixels } from './native-pixels.ts'
import { parseDicom } from './parse.ts'
import { frameBytes, readPixelShape } from './pixel-shape.ts'

export type Frame = {
  /** Stored values, row by row, little endian, `metadata.bitsAllocated` bits each. A view of the file where it can be. */
  pixels: Uint8Array<ArrayBuffer>
  metadata: DisplayMetadata
  /** Frames in the instance. */
  frames: number
}

/**
 * One frame of a file as bare pixels. Stored objects are uncompressed, so the server only cuts a slice; other transfer
 * syntaxes are decoded.
 *
 * @param frame  index from 0
 * @throws {Refusal} not readable; @throws {RangeError} no such frame
 */
export async function extractFrame(bytes: Uint8Array<ArrayBuffer>, frame = 0): Promise<Frame> {
  const file = parseDicom(bytes)
  const shape = readPixelShape(file.dataset)
  if (!Number.isInteger(frame) || frame < 0 || frame >= shape.frames)
    throw new RangeError('extractFrame: no such frame')
  const metadata = displayMetadataOf(file, frame)
  const size = frameBytes(shape)
  if (file.transferSyntax.pixels === 'native' && file.transferSyntax.dataset.littleEndian) {
    return {
      pixels: nativeBytes(file.dataset, shape).subarray(frame * size, (frame + 1) * size),
      metadata,
      frames: shape.frames,
    }
  }
  const all = new Uint8Array(size * shape.frames)
  await writeNativePixels(file, shape, all)
  return { pixels: all.subarray(frame * size, (frame + 1) * size), metadata, frames: shape.frames }
}

/** Stored values of a frame as numbers, for those who compute on them. Rescale is the caller's. */
export function storedValues({ pixels, metadata }: Frame): Uint8Array | Int8Array | Uint16Array | Int16Array {
  if (metadata.bitsAllocated === 8) {
    return metadata.isSigned ? new Int8Array(pixels.buffer, pixels.byteOffset, pixels.length) : pixels
  }
  const even = pixels.byteOffset % 2 === 0 ? pixels : pixels.slice()
  const Values = metadata.isSigned ? Int16Array : Uint16Array
  return new Values(even.buffer, even.byteOffset, even.length / 2)
}
