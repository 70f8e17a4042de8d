import { Unzip, type UnzipFile, UnzipInflate } from 'fflate'
import { LIMITS } from './limits.ts'
import { type Refused, refused } from './outcome-codes.ts'

/** One file of an archive, in its order there. Names are not given out: nothing may depend on them. */
export type ArchiveEntry =
  | { index: number; outcome: 'file'; bytes: Uint8Array<ArrayBuffer> }
  | ({ index: number } & Refused)

export const ARCHIVE_LIMITS = {
  entries: 100_000,
  totalBytes: 64 * 1024 ** 3,
  /** An entry that grew beyond 16 MiB must not have grown more than this many times. */
  ratio: 200,
  ratioFromBytes: 16 * 1024 ** 2,
} as const

/** Input goes in in steps, because one byte of deflate can become a thousand. */
const STEP = 32 * 1024

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b
const SIGNATURES: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x52, 0x61, 0x72, 0x21],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58],
]
const isArchive = (bytes: Uint8Array): boolean =>
  SIGNATURES.some((signature) => signature.every((byte, index) => bytes[index] === byte)) ||
  new TextDecoder('latin1').decode(bytes.subarray(257, 262)) === 'ustar'

type Open = { index: number; chunks: Uint8Array[]; size: number; isDone: boolean }

/**
 * Files of a zip as they come, one or few in memory at a time. Folders are skipped, archives inside are refused, caps on
 * count, total, size and growth end the reading with a refusal as the last entry.
 *
 * Never throws for what the archive holds.
 */
export async function* archiveEntries(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const ready: ArchiveEntry[] = []
  const reading = zipReading(ready)
  let isFirst = true
  for await (const chunk of chunks) {
    if (isFirst && chunk.length > 1 && !isZip(chunk)) break
    isFirst = false
    for (let start = 0; start < chunk.length && !reading.isStopped(); start += STEP) {
      reading.push(chunk.subarray(start, start + STEP))
      yield* ready.splice(0)
    }
    if (reading.isStopped()) break
  }
  if (isFirst || (!reading.isStopped() && reading.hasOpenFile()))
    ready.push({ index: reading.count(), ...refused('ARCHIVE_MALFORMED') })
  yield* ready.splice(0)
}

type ZipReading = { push(chunk: Uint8Array): void; isStopped(): boolean; hasOpenFile(): boolean; count(): number }

function zipReading(ready: ArchiveEntry[]): ZipReading {
  let count = 0
  let total = 0
  let received = 0
  let stopped = false
  const open = new Set<Open>()
  const stop = (index: number, code: 'ARCHIVE_LIMIT' | 'ARCHIVE_RATIO' | 'ARCHIVE_MALFORMED'): void => {
    if (!stopped) ready.push({ index, ...refused(code) })
    stopped = true
  }
  const finish = (entry: Open): void => {
    entry.isDone = true
    open.delete(entry)
    const bytes = join(entry.chunks, entry.size)
    ready.push(
      isArchive(bytes)
        ? { index: entry.index, ...refused('ARCHIVE_NESTED') }
        : { index: entry.index, outcome: 'file', bytes },
    )
  }
  const take = (entry: Open, chunk: Uint8Array, startedAt: number): void => {
    entry.size += chunk.length
    total += chunk.length
    entry.chunks.push(chunk)
    const grownFrom = Math.max(1, received - startedAt)
    if (entry.size > LIMITS.fileBytes || total > ARCHIVE_LIMITS.totalBytes) stop(entry.index, 'ARCHIVE_LIMIT')
    else if (entry.size > ARCHIVE_LIMITS.ratioFromBytes && entry.size / grownFrom > ARCHIVE_LIMITS.ratio) {
      stop(entry.index, 'ARCHIVE_RATIO')
    }
    // Nothing in fflate stops a file midway but an error out of its own callback.
    if (stopped) throw new RangeError('archive cap')
  }
  const unzip = new Unzip((file: UnzipFile) => {
    if (file.name.endsWith('/')) return
    const entry: Open = { index: count, chunks: [], size: 0, isDone: false }
    count += 1
    if (count > ARCHIVE_LIMITS.entries) return stop(entry.index, 'ARCHIVE_LIMIT')
    open.add(entry)
    const startedAt = received - STEP
    file.ondata = (error, chunk, isFinal) => {
      if (stopped || entry.isDone) return
      if (error) return stop(entry.index, 'ARCHIVE_MALFORMED')
      take(entry, chunk, startedAt)
      if (isFinal) finish(entry)
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  return {
    push(chunk) {
      received += chunk.length
      try {
        unzip.push(chunk)
      } catch {
        stop(Math.max(0, count - 1), 'ARCHIVE_MALFORMED')
      }
    },
    isStopped: () => stopped,
    hasOpenFile: () => open.size > 0,
    count: () => count,
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

/** Chunks of a Blob or File, in the browser and in Node alike (not every browser can iterate a stream). */
export async function* blobChunks(
  blob: Blob,
  size = 4 * 1024 * 1024,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (let start = 0; start < blob.size; start += size) {
    yield new Uint8Array(await blob.slice(start, start + size).arrayBuffer())
  }
}
