import { deflateRawSync, gzipSync } from 'node:zlib'
import { type Zippable, zipSync } from 'fflate'
import { packTar, type TarEntry } from 'modern-tar'
import { expect, test } from 'vitest'
import { archiveEntries, blobChunks } from './archive.ts'
import type { ArchiveEntry } from './archive-entry.ts'
import { sampleDicom } from './sample-dicom.ts'

async function entriesOf(bytes: Uint8Array): Promise<ArchiveEntry[]> {
  const found: ArchiveEntry[] = []
  for await (const entry of archiveEntries(blobChunks(new Blob([Uint8Array.from(bytes)]), 1000))) found.push(entry)
  return found
}
const summary = async (files: Zippable): Promise<string[]> =>
  (await entriesOf(zipSync(files))).map((entry) =>
    entry.outcome === 'file' ? `file ${entry.bytes.length}` : entry.code,
  )

test('files come out whole, folders are passed over, names do not matter', async () => {
  const dicom = sampleDicom()
  const files = {
    'a/': new Uint8Array(0),
    'a/one.dcm': dicom,
    '../../etc/passwd': [dicom, { level: 0 }],
  } satisfies Zippable
  const found = await entriesOf(zipSync(files))
  expect(found.map((entry) => entry.outcome === 'file' && Buffer.from(entry.bytes).equals(Buffer.from(dicom)))).toEqual(
    [true, true],
  )
})

test('an archive in the archive is refused, the files around it are not', async () => {
  expect(await summary({ a: sampleDicom(), 'b.bin': zipSync({ x: new Uint8Array(9) }), c: new Uint8Array(5) })).toEqual(
    [`file ${sampleDicom().length}`, 'ARCHIVE_NESTED', 'file 5'],
  )
})

test('a bomb stops at the growth cap', async () => {
  expect(await summary({ bomb: new Uint8Array(64 * 1024 * 1024), after: new Uint8Array(3) })).toEqual(['ARCHIVE_RATIO'])
})

test('what is no zip, a zip cut short, and damaged data are refused', async () => {
  const whole = zipSync({ a: [Uint8Array.from({ length: 9000 }, (_, at) => (at * at) & 0xff), { level: 6 }] })
  const code = async (bytes: Uint8Array): Promise<unknown> =>
    (await entriesOf(bytes)).map((entry) => 'code' in entry && entry.code)
  expect(await code(new Uint8Array(deflateRawSync('x')))).toEqual(['ARCHIVE_MALFORMED'])
  expect(await code(new Uint8Array(0))).toEqual(['ARCHIVE_MALFORMED'])
  expect(await code(whole.slice(0, 200))).toEqual(['ARCHIVE_MALFORMED'])
  const damaged = whole.slice()
  damaged.fill(0xff, 40, 80)
  expect(await code(damaged)).toEqual(['ARCHIVE_MALFORMED'])
})

const file = (name: string, body: Uint8Array): TarEntry => ({ header: { name, size: body.length, type: 'file' }, body })
const outcomes = async (bytes: Uint8Array): Promise<string[]> =>
  (await entriesOf(bytes)).map((entry) => (entry.outcome === 'file' ? `file ${entry.bytes.length}` : entry.code))

test('files of a tar come out whole, gzipped or not; folders and links bring nothing', async () => {
  const dicom = sampleDicom()
  const tar = await packTar([
    { header: { name: 'a/', size: 0, type: 'directory' } },
    file('a/one.dcm', dicom),
    { header: { name: 'link', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
    file('../../etc/passwd', dicom),
  ])
  expect(await outcomes(tar)).toEqual([`file ${dicom.length}`, `file ${dicom.length}`])
  const [first] = await entriesOf(gzipSync(tar))
  expect(first?.outcome === 'file' && Buffer.from(first.bytes).equals(Buffer.from(dicom))).toBe(true)
})

test('a tar cut short, a bomb in it and an archive in it are refused by code', async () => {
  const tar = await packTar([file('a', sampleDicom()), file('b.zip', zipSync({ x: new Uint8Array(9) }))])
  expect(await outcomes(gzipSync(tar))).toEqual([`file ${sampleDicom().length}`, 'ARCHIVE_NESTED'])
  expect(await outcomes(gzipSync(tar).subarray(0, 300))).toEqual(['ARCHIVE_MALFORMED'])
  expect(await outcomes(gzipSync('no tar at all'))).toEqual(['ARCHIVE_MALFORMED'])
  const zeros = await packTar([file('zeros', new Uint8Array(64 * 1024 * 1024))])
  expect(await outcomes(gzipSync(zeros))).toEqual(['ARCHIVE_RATIO'])
})
