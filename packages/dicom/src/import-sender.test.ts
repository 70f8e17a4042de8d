import { expect, test } from 'vitest'
import { archiveFiles, type RefusedFile, type SenderPorts, type SourceFile, sendImport } from './import-sender.ts'
import { refused } from './outcome-codes.ts'
import { readPack } from './pack.ts'
import { pseudonymise } from './pseudonymise.ts'
import { sampleDicom, text } from './sample-dicom.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'

const key = openStudyKey(createKeyFile('2024-01-01T00:00:00Z'), 'a-study')
const original = (sop: number, more: Parameters<typeof sampleDicom>[0] = {}) =>
  sampleDicom({ ...more, with: [text(0x00080018, 'UI', `1.2.3.${sop}`), ...(more.with ?? [])] })
const file = (name: string, bytes: Uint8Array<ArrayBuffer>): SourceFile => ({
  name,
  size: bytes.length,
  read: async () => bytes,
})

/** A server that remembers; `failAt` cuts the connection once at the upload of that pack. */
function server(failAt?: number) {
  const stored = new Map<number, number[]>()
  const reported: RefusedFile[] = []
  const finished: number[][] = []
  let isCut = failAt !== undefined
  const ports: SenderPorts = {
    begin: async () => ({ importId: 'i', resumed: stored.size > 0, storedPacks: [...stored.keys()] }),
    reportRefused: async (_importId, files) => reported.push(...files),
    upload: async (_importId, packIndex, parts) => {
      if (packIndex === failAt && isCut) {
        isCut = false
        throw new Error('cut')
      }
      const bytes = new Uint8Array(await new Blob([...parts]).arrayBuffer())
      stored.set(
        packIndex,
        readPack(bytes).map((entry) => entry.index),
      )
    },
    finish: async (_importId, packs) => {
      finished.push([...packs])
      return { missingPacks: packs.filter((index) => !stored.has(index)) }
    },
    pseudonymise: (bytes) => pseudonymise(bytes, key, { defaultIssuer: 'H', imagingPeriod: null }),
  }
  return { ports, stored, reported, finished }
}

test('every file is either in a pack or reported with its code, under its place in the order of names', async () => {
  const { ports, stored, reported } = server()
  const files = [file('b', original(1)), file('a', new TextEncoder().encode('no dicom')), file('c', original(2))]
  await sendImport({ files, key }, ports)
  expect(reported).toEqual([{ index: 0, code: 'NOT_DICOM' }])
  expect([...stored.values()].flat()).toEqual([1, 2])
})

test('after a cut the same folder begun again sends only the packs that are missing', async () => {
  const { ports, stored } = server(1)
  const big = { rows: 2000, columns: 2000 }
  const files = [file('a', original(1, big)), file('b', original(2, big)), file('c', original(3, big))]
  await expect(sendImport({ files, key }, ports)).rejects.toThrow('cut')
  const before = [...stored.keys()]
  expect(before).not.toContain(1)
  const progress: number[] = []
  await sendImport({ files, key, onProgress: ({ files: done }) => progress.push(done) }, ports)
  expect([...stored.values()].flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2])
  expect(progress.at(-1)).toBe(3)
})

test('files of one patient that disagree on sex are held here and never sent', async () => {
  const { ports, stored, reported } = server()
  const files = [
    file('a', original(1)),
    file('b', original(2, { with: [text(0x00100040, 'CS', 'M')] })),
    file('c', original(3, { with: [text(0x00100040, 'CS', 'F')] })),
  ]
  await sendImport({ files, key }, ports)
  expect(reported).toHaveLength(1)
  expect(reported[0]?.code).toBe('DEMOGRAPHICS_CONFLICT')
  expect([...stored.values()].flat()).toHaveLength(2)
})

test('entries of an archive are read in order, the refused ones with their code, and those sent before are skipped', async () => {
  const bytes = new Uint8Array([1, 2])
  const files = await archiveFiles(async function* () {
    yield { index: 0, outcome: 'file' as const, bytes }
    yield { index: 1, ...refused('ARCHIVE_NESTED') }
    yield { index: 2, outcome: 'file' as const, bytes }
  })
  expect(files.map(({ size }) => size)).toEqual([2, 0, 2])
  expect(await files[1]?.read()).toMatchObject({ code: 'ARCHIVE_NESTED' })
  expect(await files[2]?.read()).toEqual(bytes)
})
