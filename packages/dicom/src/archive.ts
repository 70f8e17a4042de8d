import type { ArchiveEntry } from './archive-entry.ts'
import { refused } from './outcome-codes.ts'
import { tarEntries } from './tar-archive.ts'
import { zipEntries } from './zip-archive.ts'

type Kind = 'zip' | 'gzip' | 'tar'

/** By the first bytes; a tar says so at its 257th. */
export function archiveKind(start: Uint8Array): Kind | null {
  if (start[0] === 0x50 && start[1] === 0x4b && start[2] === 0x03 && start[3] === 0x04) return 'zip'
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  return new TextDecoder('latin1').decode(start.subarray(257, 262)) === 'ustar' ? 'tar' : null
}

/** Bytes of an archive's start that say what it is. */
export const ARCHIVE_START = 262

/**
 * Files of a zip, a tar or a tar.gz as they come, one or few in memory at a time. Folders and links are skipped, archives
 * inside are refused, caps on count, total, size and growth end the reading with a refusal as the last entry.
 *
 * Never throws for what the archive holds.
 */
export async function* archiveEntries(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { start, all } = await begun(chunks)
  const kind = archiveKind(start)
  if (kind === null) yield { index: 0, ...refused('ARCHIVE_MALFORMED') }
  else if (kind === 'zip') yield* zipEntries(all)
  else yield* tarEntries(all, { isGzip: kind === 'gzip' })
}

/** The first bytes, and the same chunks again from the beginning. */
async function begun(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ start: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let length = 0
  while (length < ARCHIVE_START) {
    const next = await iterator.next()
    if (next.done) break
    held.push(next.value)
    length += next.value.length
  }
  const start = new Uint8Array(length)
  let offset = 0
  for (const chunk of held) {
    start.set(chunk, offset)
    offset += chunk.length
  }
  async function* all() {
    yield* held
    for (;;) {
      const next = await iterator.next()
      if (next.done) return
      yield next.value
    }
  }
  return { start, all: all() }
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
