import { expect, test } from 'vitest'
import type { Envelope } from './envelope.ts'
import { packEntries, readPack, streamPack } from './pack.ts'

const envelope: Envelope = {
  version: 1,
  keyFingerprint: '0'.repeat(32),
  imagedInPeriod: true,
  birthDateHmac: null,
  sex: 'F',
}
const entries = [1, 700, 70_000].map((size, index) => ({
  index,
  envelope,
  bytes: Uint8Array.from({ length: size }, (_, at) => (at * 7 + index) & 0xff),
}))
const pack = packEntries(entries)

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function streamed(bytes: Uint8Array, size: number): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const entry of streamPack(inChunks(bytes, size))) found.push(entry)
  return found
}

test('what goes in comes out, whole and in any chunks', async () => {
  expect(readPack(pack)).toEqual(entries)
  expect(await streamed(pack, 13)).toEqual(entries)
  expect(await streamed(pack, 1 << 20)).toEqual(entries)
})

test.each([0, 4, 8, 20, 300, pack.length - 1])('a pack cut at %i bytes is refused', async (length) => {
  expect(() => readPack(pack.slice(0, length))).toThrow('PACK_MALFORMED')
  await expect(streamed(pack.slice(0, length), 64)).rejects.toThrow('PACK_MALFORMED')
})

test('a byte too many, another format, and lying lengths are refused', () => {
  expect(() => readPack(Uint8Array.from([...pack, 0]))).toThrow('PACK_MALFORMED')
  expect(() => readPack(new Uint8Array(64))).toThrow('PACK_MALFORMED')
  const lying = pack.slice()
  lying.set([0xff, 0xff, 0xff, 0x7f], 8)
  expect(() => readPack(lying)).toThrow('PACK_MALFORMED')
})
