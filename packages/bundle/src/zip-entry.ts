import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import type { ZipInputFile } from 'fflate'

const deflateChunk = promisify(deflateRaw)
/** Pieces are compressed one by one and joined at byte boundaries (RFC 1951 §3.2.4): no piece waits for the whole. */
const PIECE = 512 * 1024
const LEVEL = 6
/** Every entry carries the same time: the same content gives the same archive. */
export const ZIP_TIME = new Date(2000, 0, 1)

/** An entry of a ZIP whose bytes come in pieces; node's own zlib compresses outside the main thread. */
export type ZipEntry = {
  readonly file: ZipInputFile
  push(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
}

export function deflatedEntry(name: string): ZipEntry {
  const file: ZipInputFile = { filename: name, compression: 8, crc: 0, size: 0, mtime: ZIP_TIME }
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const compress = async (isLast: boolean): Promise<void> => {
    const piece = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    file.crc = crc32(piece, file.crc)
    file.size = (file.size ?? 0) + piece.length
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_FULL_FLUSH
    const out = await deflateChunk(piece, { level: LEVEL, finishFlush })
    if (!file.ondata) throw new Error(`${name} belongs to no archive`)
    file.ondata(null, out, isLast)
  }
  return {
    file,
    async push(bytes) {
      waiting.push(bytes)
      waitingBytes += bytes.length
      if (waitingBytes >= PIECE) await compress(false)
    },
    end: () => compress(true),
  }
}

/** An entry that holds the bytes as they are. */
export function storedEntry(name: string): ZipEntry {
  const file: ZipInputFile = { filename: name, compression: 0, crc: 0, size: 0, mtime: ZIP_TIME }
  const send = (bytes: Uint8Array<ArrayBuffer>, isLast: boolean): void => {
    if (!file.ondata) throw new Error(`${name} belongs to no archive`)
    file.ondata(null, bytes, isLast)
  }
  return {
    file,
    async push(bytes) {
      // The archive keeps the piece until it is written; the caller may use his again.
      const piece = new Uint8Array(bytes)
      file.crc = crc32(piece, file.crc)
      file.size = (file.size ?? 0) + piece.length
      send(piece, false)
    },
    async end() {
      send(new Uint8Array(0), true)
    },
  }
}
