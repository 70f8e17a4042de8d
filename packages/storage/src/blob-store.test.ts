import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBlobFolder } from './blob-store.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facetgrade-blobs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bytesOf = (text: string) => new TextEncoder().encode(text)
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

test('bytes come back under the hash of their content, and putting them twice keeps one blob', async () => {
  const blobs = await openBlobFolder(folder)
  expect(await blobs.put([bytesOf('a'), bytesOf('b'), bytesOf('a')])).toEqual([hashOf('a'), hashOf('b'), hashOf('a')])
  expect(await blobs.put([bytesOf('a')])).toEqual([hashOf('a')])
  expect(new TextDecoder().decode(await blobs.get(hashOf('a')))).toBe('a')
  expect(await readdir(join(folder, 'incoming'))).toEqual([])
})

test('bytes are kept as they come, and nothing of a stream that breaks', async () => {
  const blobs = await openBlobFolder(folder)
  async function* whole() {
    yield bytesOf('pa')
    yield bytesOf('ck')
  }
  async function* broken() {
    yield bytesOf('pa')
    throw new Error('the connection was cut')
  }
  expect(await blobs.receive(whole())).toEqual({ hash: hashOf('pack'), bytes: 4 })
  expect(await blobs.receive(whole())).toEqual({ hash: hashOf('pack'), bytes: 4 })
  expect(await blobs.has(hashOf('pack'))).toBe(true)
  await expect(blobs.receive(broken())).rejects.toThrow('cut')
  expect(await readdir(join(folder, 'incoming'))).toEqual([])
})

test('a blob is kept under the hash that its caller took, once', async () => {
  const blobs = await openBlobFolder(folder)
  const blob = { hash: hashOf('a'), bytes: bytesOf('a') }
  await blobs.keep([blob])
  await blobs.keep([blob])
  expect(new TextDecoder().decode(await blobs.get(hashOf('a')))).toBe('a')
})

test('a damaged blob and an absent one are told apart and never given out', async () => {
  const blobs = await openBlobFolder(folder)
  const [hash = ''] = await blobs.put([bytesOf('whole')])
  await truncate(join(folder, hash.slice(0, 2), hash), 2)
  await expect(blobs.get(hash)).rejects.toMatchObject({ name: 'BlobError', reason: 'damaged' })
  await expect(blobs.get(hashOf('nothing'))).rejects.toMatchObject({ reason: 'absent' })
})

test('a name that is not a hash never becomes a path', async () => {
  const blobs = await openBlobFolder(folder)
  await expect(blobs.get('../../etc/passwd')).rejects.toThrow(RangeError)
})

test('room is refused before anything is taken when the reserve would be touched', async () => {
  const blobs = await openBlobFolder(folder, { reserveBytes: Number.MAX_SAFE_INTEGER })
  await expect(blobs.assertRoom(1)).rejects.toMatchObject({ name: 'StorageFullError' })
})

test('what a killed process left half-written goes after a day', async () => {
  await openBlobFolder(folder)
  const left = join(folder, 'incoming', 'half')
  await writeFile(left, 'x')
  const yesterday = new Date(Date.now() - 25 * 3600 * 1000)
  await utimes(left, yesterday, yesterday)
  await openBlobFolder(folder)
  expect(await readdir(join(folder, 'incoming'))).toEqual([])
})
