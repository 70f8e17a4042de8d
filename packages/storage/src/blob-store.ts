import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'

/** Free space that is never given to blobs: PostgreSQL must be able to write grades when imports have filled the disk. */
export const RESERVE_BYTES = 1024 ** 3
const STALE_MS = 24 * 3600 * 1000
const WRITES_AT_ONCE = 8
/** What comes in small pieces is written in larger ones. */
const WRITE_BYTES = 1024 ** 2
const HASH = /^[0-9a-f]{64}$/

/** There is not enough room under the reserve; nothing was taken. */
export class StorageFullError extends Error {
  override name = 'StorageFullError'
}

/** A blob that is not there, or whose bytes are not what its name says. */
export class BlobError extends Error {
  override name = 'BlobError'
  readonly reason: 'absent' | 'damaged'
  constructor(reason: 'absent' | 'damaged', hash: string) {
    super(`blob ${hash} is ${reason}`)
    this.reason = reason
  }
}

/** Bytes under the name of their SHA-256 (hex). Putting the same bytes again changes nothing. */
export type BlobStore = {
  /** On disk, under their final names, when this resolves. Hashes in the order of the input. */
  put(blobs: readonly Uint8Array[]): Promise<string[]>
  /** As `put`, for bytes whose hash the caller has just taken of these very bytes. */
  keep(blobs: readonly { hash: string; bytes: Uint8Array }[]): Promise<void>
  /** As `put`, for bytes of any size as they come. When the stream fails nothing is kept. */
  receive(stream: AsyncIterable<Uint8Array>): Promise<{ hash: string; bytes: number }>
  /** @throws {BlobError} absent, or its content is not its name */
  get(hash: string): Promise<Uint8Array<ArrayBuffer>>
  /** As `get` without the check, for content that is checked otherwise. */
  getUnchecked(hash: string): Promise<Uint8Array<ArrayBuffer>>
  /** Content of any size, piece by piece and unchecked. An absent one fails when it is read. */
  stream(hash: string): Readable
  has(hash: string): Promise<boolean>
  /** Of something that is known elsewhere by now, such as an unpacked upload. Nothing to remove is no error. */
  remove(hash: string): Promise<void>
  /** @throws {StorageFullError} so many bytes more would touch the reserve */
  assertRoom(bytes: number): Promise<void>
}

/** A content-addressed folder. Many processes may share it: a name is only ever given to complete bytes, by rename. */
export async function openBlobFolder(folder: string, options: { reserveBytes?: number } = {}): Promise<BlobStore> {
  const reserve = options.reserveBytes ?? RESERVE_BYTES
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true })
  await removeStale(incoming)
  const pathOf = (hash: string): string => {
    if (!HASH.test(hash)) throw new RangeError('not a blob name')
    return join(folder, hash.slice(0, 2), hash)
  }
  /** Under its name, whole, or not at all; true when it was not there. */
  const keepOne = async (hash: string, write: (file: FileHandle) => Promise<unknown>): Promise<boolean> => {
    if (await isThere(pathOf(hash))) return false
    await settle(hash, await writeIncoming(write))
    return true
  }
  const writeIncoming = async (write: (file: FileHandle) => Promise<unknown>): Promise<string> => {
    const temporary = join(incoming, randomUUID())
    const file = await open(temporary, 'wx')
    try {
      await write(file)
      await file.datasync()
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    } finally {
      await file.close()
    }
    return temporary
  }
  const settle = async (hash: string, temporary: string): Promise<void> => {
    await mkdir(dirname(pathOf(hash)), { recursive: true })
    await rename(temporary, pathOf(hash))
  }
  const keep = async (blobs: readonly { hash: string; bytes: Uint8Array }[]): Promise<void> => {
    const folders = new Set<string>()
    for (let start = 0; start < blobs.length; start += WRITES_AT_ONCE) {
      const batch = blobs.slice(start, start + WRITES_AT_ONCE)
      const areNew = await Promise.all(batch.map(({ hash, bytes }) => keepOne(hash, (file) => file.writeFile(bytes))))
      for (const [index, { hash }] of batch.entries()) if (areNew[index]) folders.add(dirname(pathOf(hash)))
    }
    await Promise.all([...folders, ...(folders.size > 0 ? [folder] : [])].map(syncFolder))
  }
  const read = async (hash: string): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await readFile(pathOf(hash)).catch((error: unknown) => {
      throw isAbsent(error) ? new BlobError('absent', hash) : error
    })
    // A plain view: slicing a Buffer would share what a caller means to copy.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return {
    async put(blobs) {
      const named = blobs.map((bytes) => ({ hash: sha256(bytes), bytes }))
      await keep(named)
      return named.map(({ hash }) => hash)
    },
    keep,
    async receive(stream) {
      const digest = createHash('sha256')
      let bytes = 0
      const temporary = await writeIncoming(async (file) => {
        let waiting: Uint8Array[] = []
        let waitingBytes = 0
        const flush = async () => {
          await file.writev(waiting)
          waiting = []
          waitingBytes = 0
        }
        for await (const chunk of stream) {
          digest.update(chunk)
          bytes += chunk.length
          waiting.push(chunk)
          waitingBytes += chunk.length
          if (waitingBytes >= WRITE_BYTES) await flush()
        }
        await flush()
      })
      const hash = digest.digest('hex')
      if (await isThere(pathOf(hash))) await rm(temporary, { force: true })
      else {
        await settle(hash, temporary)
        await syncFolder(dirname(pathOf(hash)))
      }
      return { hash, bytes }
    },
    async get(hash) {
      const bytes = await read(hash)
      if (sha256(bytes) !== hash) throw new BlobError('damaged', hash)
      return bytes
    },
    getUnchecked: read,
    stream: (hash) => createReadStream(pathOf(hash), { highWaterMark: WRITE_BYTES }),
    has: (hash) => isThere(pathOf(hash)),
    remove: (hash) => rm(pathOf(hash), { force: true }),
    async assertRoom(bytes) {
      const disk = await statfs(folder)
      if (disk.bavail * disk.bsize - bytes < reserve) {
        throw new StorageFullError('The data folder has too little free space left; free some and try again')
      }
    },
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

/** A rename is durable when the folder that holds the name is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** What a killed process left half-written. A day is far beyond any write in progress. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const entry = await stat(path).catch((error: unknown) => {
      if (isAbsent(error)) return undefined // another process renamed it meanwhile
      throw error
    })
    if (entry && Date.now() - entry.mtimeMs > STALE_MS) await rm(path, { force: true })
  }
}
