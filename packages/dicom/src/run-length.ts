import { Refusal } from './refusal.ts'

/**
 * Decodes one RLE frame (PS3.5 annex G) into little endian words; segments hold the most significant byte first.
 *
 * @param into  exactly the frame's rows × columns × bytesPerSample bytes
 * @throws {Refusal} PIXELS_UNDECODABLE
 */
export function decodeRunLength(frame: Uint8Array<ArrayBuffer>, bytesPerSample: 1 | 2, into: Uint8Array): void {
  if (frame.length < 64) throw new Refusal('PIXELS_UNDECODABLE')
  const header = new DataView(frame.buffer, frame.byteOffset, 64)
  if (header.getUint32(0, true) !== bytesPerSample) throw new Refusal('PIXELS_UNDECODABLE')
  for (let segment = 0; segment < bytesPerSample; segment += 1) {
    const start = header.getUint32(4 + segment * 4, true)
    const end = segment + 1 < bytesPerSample ? header.getUint32(8 + segment * 4, true) : frame.length
    if (start < 64 || end < start || end > frame.length) throw new Refusal('PIXELS_UNDECODABLE')
    decodeSegment(frame.subarray(start, end), into, { first: bytesPerSample - 1 - segment, step: bytesPerSample })
  }
}

function decodeSegment(segment: Uint8Array, into: Uint8Array, { first, step }: { first: number; step: number }): void {
  let at = 0
  let to = first
  while (to < into.length) {
    const control = segment[at]
    if (control === undefined) throw new Refusal('PIXELS_UNDECODABLE')
    at += 1
    if (control === 128) continue
    const count = control < 128 ? control + 1 : 257 - control
    if (to + (count - 1) * step >= into.length) throw new Refusal('PIXELS_UNDECODABLE')
    if (control > 128) {
      const value = segment[at]
      if (value === undefined) throw new Refusal('PIXELS_UNDECODABLE')
      at += 1
      for (let run = 0; run < count; run += 1, to += step) into[to] = value
      continue
    }
    if (at + count > segment.length) throw new Refusal('PIXELS_UNDECODABLE')
    for (let run = 0; run < count; run += 1, to += step, at += 1) into[to] = segment[at] ?? 0
  }
}
