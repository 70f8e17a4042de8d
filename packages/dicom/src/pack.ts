import { z } from 'zod'
import { Envelope } from './envelope.ts'
import { LIMITS } from './limits.ts'
import { Refusal } from './refusal.ts'

/**
 * What stands before each file of a pack.
 *
 * A pack is an upload of several pseudonymised files, about 10 MB together, because one upload per file is slow. Format:
 * the 8 bytes `FGPACK1\n`; for each file a 4-byte little endian length, that many bytes of UTF-8 JSON
 * (`PackEntryHeader`) and `size` bytes of the file; at the end a length of 0 and the 4-byte count of files.
 */
export const PackEntryHeader = z.strictObject({
  /** Place of the file in the sender's ledger, so that every received file can be answered for. */
  index: z.int().nonnegative(),
  size: z.int().positive().max(LIMITS.fileBytes),
  envelope: Envelope,
})
export type PackEntryHeader = z.infer<typeof PackEntryHeader>

export type PackEntry = { index: number; envelope: Envelope; bytes: Uint8Array<ArrayBuffer> }

/** Packs are closed at about this size. */
export const PACK_BYTES = 10_000_000
const MAGIC = new TextEncoder().encode('FGPACK1\n')
const MAX_HEADER = 4096
const MAX_ENTRIES = 100_000

/** The pack as parts in order, for a Blob or a stream; the files themselves are not copied. */
export function packParts(entries: readonly PackEntry[]): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [MAGIC]
  for (const { index, bytes, envelope } of entries) {
    const header = PackEntryHeader.parse({ index, size: bytes.length, envelope })
    const text = new TextEncoder().encode(JSON.stringify(header))
    parts.push(uint32(text.length), text, bytes)
  }
  parts.push(uint32(0), uint32(entries.length))
  return parts
}

/** The pack as one byte string. */
export function packEntries(entries: readonly PackEntry[]): Uint8Array<ArrayBuffer> {
  const parts = packParts(entries)
  const pack = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    pack.set(part, offset)
    offset += part.length
  }
  return pack
}

const uint32 = (value: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/**
 * The files of a pack that lies in memory whole, as slices of it. All or nothing.
 *
 * @throws {Refusal} PACK_MALFORMED
 */
export function readPack(pack: Uint8Array<ArrayBuffer>): PackEntry[] {
  let offset = 0
  const entries: PackEntry[] = []
  const steps = unpack()
  let step = steps.next()
  while (!step.done) {
    if (step.value.kind === 'entry') {
      entries.push(step.value.entry)
      step = steps.next()
      continue
    }
    const { length } = step.value
    if (length > pack.length - offset) throw new Refusal('PACK_MALFORMED')
    const taken = new Uint8Array(pack.buffer, pack.byteOffset + offset, length)
    offset += length
    step = steps.next(taken)
  }
  if (offset !== pack.length) throw new Refusal('PACK_MALFORMED')
  return entries
}

/**
 * The files of a pack that comes in chunks of any size, one file in memory at a time.
 *
 * @throws {Refusal} PACK_MALFORMED at the first byte that does not fit, also when the stream ends early; what was given out
 * before that is whole
 */
export async function* streamPack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<PackEntry, void, undefined> {
  const source = byteSource(chunks)
  const steps = unpack()
  let step = steps.next()
  while (!step.done) {
    if (step.value.kind === 'entry') {
      yield step.value.entry
      step = steps.next()
    } else step = steps.next(await source.take(step.value.length))
  }
  if (!(await source.isAtEnd())) throw new Refusal('PACK_MALFORMED')
}

type Step = { kind: 'take'; length: number } | { kind: 'entry'; entry: PackEntry }

/** The format itself: asks for bytes, gives out entries. Both readers drive it. */
function* unpack(): Generator<Step, void, Uint8Array<ArrayBuffer> | undefined> {
  const magic = yield { kind: 'take', length: MAGIC.length }
  if (!MAGIC.every((byte, index) => byte === magic?.[index])) throw new Refusal('PACK_MALFORMED')
  for (let count = 0; ; count += 1) {
    const length = readUint32(yield { kind: 'take', length: 4 })
    if (length === 0) {
      if (readUint32(yield { kind: 'take', length: 4 }) !== count) throw new Refusal('PACK_MALFORMED')
      return
    }
    if (length > MAX_HEADER || count >= MAX_ENTRIES) throw new Refusal('PACK_MALFORMED')
    const { index, size, envelope } = parseHeader(yield { kind: 'take', length })
    const bytes = yield { kind: 'take', length: size }
    if (bytes === undefined) throw new Refusal('PACK_MALFORMED')
    yield { kind: 'entry', entry: { index, envelope, bytes } }
  }
}

function readUint32(bytes: Uint8Array<ArrayBuffer> | undefined): number {
  if (bytes === undefined) throw new Refusal('PACK_MALFORMED')
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true)
}

function parseHeader(bytes: Uint8Array | undefined): PackEntryHeader {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal('PACK_MALFORMED')
  }
  const parsed = PackEntryHeader.safeParse(json)
  if (!parsed.success) throw new Refusal('PACK_MALFORMED')
  return parsed.data
}

type ByteSource = { take(length: number): Promise<Uint8Array<ArrayBuffer>>; isAtEnd(): Promise<boolean> }

function byteSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array(0)
  const refill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const next = await iterator.next()
      if (next.done) return false
      held = next.value
    }
    return true
  }
  return {
    async take(length) {
      // Grown as the bytes come: a header that lies about its size does not allocate it.
      let taken = new Uint8Array(Math.min(length, 1 << 20))
      let filled = 0
      while (filled < length) {
        if (!(await refill())) throw new Refusal('PACK_MALFORMED')
        const part = held.subarray(0, length - filled)
        if (filled + part.length > taken.length) {
          const grown = new Uint8Array(Math.min(length, Math.max(taken.length * 2, filled + part.length)))
          grown.set(taken.subarray(0, filled))
          taken = grown
        }
        taken.set(part, filled)
        filled += part.length
        held = held.subarray(part.length)
      }
      return taken
    },
    isAtEnd: async () => !(await refill()),
  }
}
