import { z } from 'zod'
import { Envelope } from './envelope.ts'
import { LIMITS } from './limits.ts'
import { Refusal } from './refusal.ts'

/**
 * An upload of several pseudonymised files in one stream, about 10 MB each, because one upload per file is slow.
 *
 * Format: the 8 bytes `FGPACK1\n`, then for each file a 4-byte little endian length, that many bytes of UTF-8 JSON
 * (`PackEntryHeader`), and `size` bytes of the file; at the end a length of 0 and the 4-byte count of files.
 */
export const PackEntryHeader = z.strictObject({
  /** Place of the file in the sender's ledger, so that every received file can be answered for. */
  index: z.int().nonnegative(),
  size: z.int().positive().max(LIMITS.fileBytes),
  contentHash: z.string().regex(/^[0-9a-f]{64}$/),
  envelope: Envelope,
})
export type PackEntryHeader = z.infer<typeof PackEntryHeader>

export type PackEntry = { header: PackEntryHeader; bytes: Uint8Array<ArrayBuffer> }

const MAGIC = new TextEncoder().encode('FGPACK1\n')
const MAX_HEADER = 4096
const MAX_ENTRIES = 100_000
/** Packs are closed at about this size. */
export const PACK_BYTES = 10_000_000

const uint32 = (value: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/** The pack as parts in order, for a Blob or a stream; the files themselves are not copied. */
export function writePack(
  entries: readonly { index: number; bytes: Uint8Array<ArrayBuffer>; contentHash: string; envelope: Envelope }[],
): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [MAGIC]
  for (const { index, bytes, contentHash, envelope } of entries) {
    const header = PackEntryHeader.parse({ index, size: bytes.length, contentHash, envelope })
    const text = new TextEncoder().encode(JSON.stringify(header))
    parts.push(uint32(text.length), text, bytes)
  }
  parts.push(uint32(0), uint32(entries.length))
  return parts
}

/**
 * Reads a pack from chunks of any size, one file in memory at a time. Hash and content are for the caller to verify.
 *
 * @throws {Refusal} PACK_MALFORMED at the first byte that does not fit, also when the stream ends early; the entries given
 * out before that are whole
 */
export async function* readPack(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<PackEntry, void, undefined> {
  const source = byteSource(chunks)
  const magic = await source.take(MAGIC.length)
  if (!magic.every((byte, index) => byte === MAGIC[index])) throw new Refusal('PACK_MALFORMED')
  for (let count = 0; ; count += 1) {
    const length = await takeUint32(source)
    if (length === 0) {
      if ((await takeUint32(source)) !== count || !(await source.isAtEnd())) throw new Refusal('PACK_MALFORMED')
      return
    }
    if (length > MAX_HEADER || count >= MAX_ENTRIES) throw new Refusal('PACK_MALFORMED')
    const header = parseHeader(await source.take(length))
    yield { header, bytes: await source.take(header.size) }
  }
}

function parseHeader(bytes: Uint8Array): PackEntryHeader {
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

async function takeUint32(source: ByteSource): Promise<number> {
  const bytes = await source.take(4)
  return new DataView(bytes.buffer).getUint32(0, true)
}

function byteSource(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ByteSource {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]()
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
