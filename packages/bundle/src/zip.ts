import { Zip } from 'fflate'
import type { ByteSink } from './byte-sink.ts'
import { deflatedEntry, storedEntry } from './zip-entry.ts'

/** Readers of plain ZIP (no ZIP64) count to here. */
const MOST_BYTES = 0xffff_fffe

/** A ZIP written entry after entry; `open` the next when the last is closed. */
export type ZipWriter = {
  /** `isStored`: the bytes are compressed already. */
  open(name: string, isStored?: boolean): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }
  end(): Promise<void>
}

/** @throws {RangeError} an entry or the archive passes 4 GiB */
export function zipWriter(sink: ByteSink): ZipWriter {
  const chunks: Uint8Array[] = []
  let total = 0
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    chunks.push(chunk)
  })
  const drain = async (): Promise<void> => {
    for (const chunk of chunks.splice(0)) {
      total += chunk.length
      if (total > MOST_BYTES) throw new RangeError('a ZIP of more than 4 GiB')
      await sink.write(chunk)
    }
  }
  return {
    open(name, isStored = false) {
      const entry = isStored ? storedEntry(name) : deflatedEntry(name)
      let size = 0
      zip.add(entry.file)
      return {
        async write(bytes) {
          size += bytes.length
          if (size > MOST_BYTES) throw new RangeError(`${name}: more than 4 GiB`)
          await entry.push(bytes)
          await drain()
        },
        async close() {
          await entry.end()
          await drain()
        },
      }
    },
    async end() {
      zip.end()
      await drain()
    },
  }
}
