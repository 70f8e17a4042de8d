import { Refusal } from './refusal.ts'

/** What a compressed frame says of itself, read before a decoder is let near it. */
export type CodestreamShape = { columns: number; rows: number; bits: number; components: number; isSigned: boolean }

/** Start-of-frame markers: sequential, progressive, lossless (ITU-T T.81 table B.1) and JPEG-LS (T.87). */
const FRAME_MARKERS = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xf7])

/** @throws {Refusal} PIXELS_UNDECODABLE when there is no frame header */
export function jpegShape(frame: Uint8Array<ArrayBuffer>): CodestreamShape {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  let at = 2
  while (at + 10 <= frame.length && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (FRAME_MARKERS.has(marker)) {
      return {
        bits: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
        isSigned: false,
      }
    }
    at += 2 + view.getUint16(at + 2)
  }
  throw new Refusal('PIXELS_UNDECODABLE')
}

/** Image and tile size of a JPEG 2000 codestream (T.800 §A.5.1), which must come first after its start. */
export function jpeg2000Shape(frame: Uint8Array<ArrayBuffer>): CodestreamShape {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < 43 || view.getUint32(0) !== 0xff4fff51) throw new Refusal('PIXELS_UNDECODABLE')
  const precision = view.getUint8(42)
  return {
    columns: view.getUint32(8) - view.getUint32(16),
    rows: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    bits: (precision & 0x7f) + 1,
    isSigned: precision > 0x7f,
  }
}
