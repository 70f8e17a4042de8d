import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Free space that is never given to blobs: PostgreSQL must be able to write grades when imports have filled the disk. */
export const RESERVE_BYTES = 1024 ** 3
const STALE_MS = 24 * 3600 * 1000
const WRITES_AT_ONCE = 8
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
  /** As `put`, for a file of any size; the file itself is taken when it lies on the same disk, else copied. */
  take(path: string): Promise<{ hash: string; bytes: number }>
  /** @throws {BlobError} absent, or its content is not its name */
  get(hash: string): Promise<Uint8Array<ArrayBuffer>>
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
  const putOne = async (bytes: Uint8Array): Promise<{ hash: string; isNew: boolean }> => {
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (await isThere(pathOf(hash))) return { hash, isNew: false }
    const temporary = join(incoming, randomUUID())
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
    await mkdir(dirname(pathOf(hash)), { recursive: true })
    await rename(temporary, pathOf(hash))
    return { hash, isNew: true }
  }
  return {
    async put(blobs) {
      const put: { hash: string; isNew: boolean }[] = []
      for (let start = 0; start < blobs.length; start += WRITES_AT_ONCE) {
        put.push(...(await Promise.all(blobs.slice(start, start + WRITES_AT_ONCE).map(putOne))))
      }
      const folders = new Set(put.filter((blob) => blob.isNew).map((blob) => dirname(pathOf(blob.hash))))
      await Promise.all([...folders, ...(folders.size > 0 ? [folder] : [])].map(syncFolder))
      return put.map((blob) => blob.hash)
    },
    async take(path) {
      const { hash, bytes } = await hashFile(path)
      if (await isThere(pathOf(hash))) {
        await rm(path, { force: true })
        return { hash, bytes }
      }
      const temporary = join(incoming, randomUUID())
      await moveOrCopy(path, temporary)
      await syncFile(temporary)
      await mkdir(dirname(pathOf(hash)), { recursive: true })
      await rename(temporary, pathOf(hash))
      await syncFolder(dirname(pathOf(hash)))
      return { hash, bytes }
    },
    async get(hash) {
      const bytes = await readFile(pathOf(hash)).catch((error: unknown) => {
        throw isAbsent(error) ? new BlobError('absent', hash) : error
      })
      if (createHash('sha256').update(bytes).digest('hex') !== hash) throw new BlobError('damaged', hash)
      // A plain view: slicing a Buffer would share what a caller means to copy.
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
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

async function hashFile(path: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer) // a stream without encoding gives buffers
    bytes += (chunk as Buffer).length
  }
  return { hash: hash.digest('hex'), bytes }
}

async function moveOrCopy(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error
    await copyFile(from, to)
    await rm(from)
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
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
