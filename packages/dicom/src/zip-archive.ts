import { Unzip, type UnzipFile, UnzipInflate } from 'fflate'
import { ARCHIVE_LIMITS, type ArchiveEntry, INFLATE_STEP, isArchive, joinChunks } from './archive-entry.ts'
import { LIMITS } from './limits.ts'
import { refused } from './outcome-codes.ts'

type Open = { index: number; chunks: Uint8Array[]; size: number; isDone: boolean }

/** Files of a zip; folders are skipped. Never throws for what the archive holds. */
export async function* zipEntries(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveEntry, void, undefined> {
  const ready: ArchiveEntry[] = []
  const reading = zipReading(ready)
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length && !reading.isStopped(); start += INFLATE_STEP) {
      reading.push(chunk.subarray(start, start + INFLATE_STEP))
      yield* ready.splice(0)
    }
    if (reading.isStopped()) break
  }
  if (!reading.isStopped() && reading.hasOpenFile())
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
    const bytes = joinChunks(entry.chunks, entry.size)
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
    const startedAt = received - INFLATE_STEP
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
