import type { Refused } from './outcome-codes.ts'

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

/** Input is inflated in steps, because one byte of deflate can become a thousand. */
export const INFLATE_STEP = 32 * 1024

const SIGNATURES: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x52, 0x61, 0x72, 0x21],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58],
]
/** What unpacking one level must not bring out: folders of folders hide what they hold. */
export const isArchive = (bytes: Uint8Array): boolean =>
  SIGNATURES.some((signature) => signature.every((byte, index) => bytes[index] === byte)) ||
  new TextDecoder('latin1').decode(bytes.subarray(257, 262)) === 'ustar'

export function joinChunks(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
