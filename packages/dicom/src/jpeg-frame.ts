// oxlint-disable-next-line typescript/triple-slash-reference -- an ambient declaration has no import that would take it along to other rooms
/// <reference path="./codec-modules.d.ts" />
import type { CodecOptions, FrameDecoder } from '@cornerstonejs/codec-openjpeg/decode'
import { type CodestreamShape, jpeg2000Shape, jpegShape } from './codestream-shape.ts'
import { decodeLosslessJpeg } from './lossless-jpeg.ts'
import { frameBytes, type PixelShape } from './pixel-shape.ts'
import { Refusal } from './refusal.ts'
import type { PixelEncoding } from './transfer-syntax.ts'

type JpegEncoding = Exclude<PixelEncoding, 'native' | 'rle'>

/**
 * Decodes one compressed grey frame into little endian words.
 *
 * @throws {Refusal} PIXELS_LENGTH when the frame is of another size than the header says, PIXELS_UNDECODABLE otherwise
 */
export async function decodeJpegFrame(
  frame: Uint8Array<ArrayBuffer>,
  shape: PixelShape,
  encoding: JpegEncoding,
): Promise<Uint8Array<ArrayBuffer>> {
  const codestream = encoding === 'jpeg-2000' ? jpeg2000Shape(frame) : jpegShape(frame)
  if (codestream.rows !== shape.rows || codestream.columns !== shape.columns) throw new Refusal('PIXELS_LENGTH')
  if (codestream.components !== 1 || codestream.bits > shape.bitsAllocated) throw new Refusal('PIXELS_UNDECODABLE')
  // The JPEG family but JPEG 2000 codes bare words; there the sign is the header's word for it.
  if (encoding === 'jpeg-2000' && codestream.isSigned !== shape.isSigned) throw new Refusal('PIXELS_UNDECODABLE')
  const decoded = await decode(frame, codestream, encoding)
  return widen(decoded, codestream, shape)
}

async function decode(
  frame: Uint8Array<ArrayBuffer>,
  codestream: CodestreamShape,
  encoding: JpegEncoding,
): Promise<Uint8Array> {
  // The 8-bit build of libjpeg-turbo does not know the 12-bit extended process.
  if (encoding === 'jpeg' && codestream.bits !== 8) throw new Refusal('TRANSFER_SYNTAX_UNSUPPORTED')
  if (encoding === 'jpeg-lossless') return decodeLossless(frame, codestream)
  try {
    return runDecoder(await newDecoder(encoding), frame)
  } catch {
    // The decoders throw numbers, strings and errors alike, some of them with text of the input.
    throw new Refusal('PIXELS_UNDECODABLE')
  }
}

async function newDecoder(encoding: Exclude<JpegEncoding, 'jpeg-lossless'>): Promise<FrameDecoder> {
  switch (encoding) {
    case 'jpeg': {
      const { default: load } = await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decode')
      return new (await loadOnce('jpeg', load)).JPEGDecoder()
    }
    case 'jpeg-ls': {
      const { default: load } = await import('@cornerstonejs/codec-charls/decode')
      return new (await loadOnce('jpeg-ls', load)).JpegLSDecoder()
    }
    case 'jpeg-2000': {
      const { default: load } = await import('@cornerstonejs/codec-openjpeg/decode')
      return new (await loadOnce('jpeg-2000', load)).J2KDecoder()
    }
  }
}

const loaded = new Map<JpegEncoding, Promise<unknown>>()

/** A codec takes milliseconds to start and keeps its heap: one of each per process. */
function loadOnce<T>(encoding: JpegEncoding, load: (options: CodecOptions) => Promise<T>): Promise<T> {
  const before = loaded.get(encoding)
  if (before) return before as Promise<T>
  const fresh = load({ print: () => undefined, printErr: () => undefined })
  loaded.set(encoding, fresh)
  return fresh
}

function runDecoder(decoder: FrameDecoder, frame: Uint8Array<ArrayBuffer>): Uint8Array {
  try {
    decoder.getEncodedBuffer(frame.length).set(frame)
    decoder.decode()
    // The buffer is the codec's own memory and is gone with the decoder.
    return decoder.getDecodedBuffer().slice()
  } finally {
    decoder.delete()
  }
}

function decodeLossless(frame: Uint8Array<ArrayBuffer>, { rows, columns, bits }: CodestreamShape): Uint8Array {
  const words = decodeLosslessJpeg(frame, rows, columns)
  return bits <= 8 ? Uint8Array.from(words) : new Uint8Array(words.buffer)
}

function widen(decoded: Uint8Array, { bits }: CodestreamShape, shape: PixelShape): Uint8Array<ArrayBuffer> {
  const expected = frameBytes(shape)
  const wide = new Uint8Array(expected)
  if (bits > 8 || shape.bitsAllocated === 8) {
    if (decoded.length !== expected) throw new Refusal('PIXELS_LENGTH')
    wide.set(decoded)
    return wide
  }
  if (decoded.length * 2 !== expected) throw new Refusal('PIXELS_LENGTH')
  decoded.forEach((value, index) => {
    wide[index * 2] = value
    if (shape.isSigned && value > 0x7f) wide[index * 2 + 1] = 0xff
  })
  return wide
}
