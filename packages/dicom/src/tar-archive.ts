import { Gunzip } from 'fflate'
import { createTarDecoder } from 'modern-tar'
import { ARCHIVE_LIMITS, type ArchiveEntry, INFLATE_STEP, isArchive, joinChunks } from './archive-entry.ts'
import { LIMITS } from './limits.ts'
import { refused } from './outcome-codes.ts'

type StopCode = 'ARCHIVE_LIMIT' | 'ARCHIVE_RATIO'

class Stop extends Error {
  readonly code: StopCode
  constructor(code: StopCode) {
    super(code)
    this.code = code
  }
}

/** Files of a tar, gzipped or not; folders, links and devices are skipped. Never throws for what the archive holds. */
export async function* tarEntries(
  chunks: AsyncIterable<Uint8Array>,
  { isGzip }: { isGzip: boolean },
): AsyncGenerator<ArchiveEntry, void, undefined> {
  let index = 0
  try {
    const bytes = isGzip ? inflated(chunks) : capped(chunks)
    const entries = streamOf(bytes)
      .pipeThrough(createTarDecoder({ strict: true }))
      .getReader()
    for (;;) {
      const next = await entries.read()
      if (next.done) break
      const { header, body } = next.value
      if (header.type !== 'file') {
        await body.cancel()
        continue
      }
      if (index >= ARCHIVE_LIMITS.entries || header.size > LIMITS.fileBytes) throw new Stop('ARCHIVE_LIMIT')
      const file = await collect(body)
      yield isArchive(file) ? { index, ...refused('ARCHIVE_NESTED') } : { index, outcome: 'file', bytes: file }
      index += 1
    }
    if (index === 0) yield { index, ...refused('ARCHIVE_MALFORMED') }
  } catch (error) {
    yield { index, ...refused(error instanceof Stop ? error.code : 'ARCHIVE_MALFORMED') }
  }
}

async function* capped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0
  for await (const chunk of chunks) {
    total += chunk.length
    if (total > ARCHIVE_LIMITS.totalBytes) throw new Stop('ARCHIVE_LIMIT')
    yield chunk
  }
}

/** In small steps, so that a bomb stops at the cap and not in memory. */
async function* inflated(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = []
  let [received, grown, isComplete] = [0, 0, false]
  const gunzip = new Gunzip((chunk, isFinal) => {
    grown += chunk.length
    ready.push(chunk)
    isComplete = isFinal
  })
  const push = (step: Uint8Array, isLast: boolean) => {
    received += step.length
    gunzip.push(step, isLast)
    if (grown > ARCHIVE_LIMITS.totalBytes) throw new Stop('ARCHIVE_LIMIT')
    if (grown > ARCHIVE_LIMITS.ratioFromBytes && grown / received > ARCHIVE_LIMITS.ratio)
      throw new Stop('ARCHIVE_RATIO')
  }
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += INFLATE_STEP) {
      push(chunk.subarray(start, start + INFLATE_STEP), false)
      yield* ready.splice(0)
    }
  }
  push(new Uint8Array(0), true)
  yield* ready.splice(0)
  if (!isComplete) throw new RangeError('the archive ends early')
}

/** Not every browser can make a stream of an iterable. */
function streamOf(bytes: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await bytes.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await bytes.return()
    },
  })
}

async function collect(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  for (;;) {
    const next = await reader.read()
    if (next.done) return joinChunks(chunks, size)
    chunks.push(next.value)
    size += next.value.length
  }
}
