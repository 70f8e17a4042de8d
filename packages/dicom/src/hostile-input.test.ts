import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { isOutcomeCode } from './outcome-codes.ts'
import { pseudonymise } from './pseudonymise.ts'
import { sampleDicom, text } from './sample-dicom.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'
import { verify } from './verify.ts'
import { type DicomElement, writeDicom } from './write-dicom.ts'

// Hundreds of files, some of them large; how long that takes is no property of ours.
vi.setConfig({ testTimeout: 120_000 })

const key = openStudyKey(createKeyFile('2026-01-01T00:00:00Z'), 'hostile')
const context = { defaultIssuer: 'H', imagingPeriod: null }
const codeOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const outcome = await pseudonymise(bytes, key, context)
  return outcome.outcome === 'accepted' ? 'accepted' : outcome.code
}

/** A file whose data set is these bytes. */
function withDataset(dataset: Uint8Array, transferSyntaxUid = '1.2.840.10008.1.2.1'): Uint8Array<ArrayBuffer> {
  const head = writeDicom([], { transferSyntaxUid: '1.2.840.10008.1.2.1' })
  const empty = writeDicom([], { transferSyntaxUid })
  const start = transferSyntaxUid === '1.2.840.10008.1.2.1.99' ? empty.slice(0, empty.length - 2) : head
  const file = new Uint8Array(start.length + dataset.length)
  file.set(start)
  file.set(dataset, start.length)
  return file
}

const repeat = (unit: readonly number[], times: number): Uint8Array => {
  const bytes = new Uint8Array(unit.length * times)
  for (let index = 0; index < times; index += 1) bytes.set(unit, index * unit.length)
  return bytes
}

test('two million empty elements stop at the cap', async () => {
  const bytes = new Uint8Array(2_000_000 * 8)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < 2_000_000; index += 1) {
    view.setUint32(index * 8, (((index + 0x90000) & 0xffff) << 16) | ((index + 0x90000) >>> 16), true)
    bytes.set([0x4c, 0x4f], index * 8 + 4)
  }
  expect(await codeOf(withDataset(bytes))).toBe('TOO_MANY_ELEMENTS')
})

test('a hundred thousand nested sequences stop at the depth cap', async () => {
  const open = [
    0x09, 0x00, 0x10, 0x10, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff,
  ]
  expect(await codeOf(withDataset(repeat(open, 100_000)))).toBe('NESTING_TOO_DEEP')
})

test('a hundred thousand items stop at the cap', async () => {
  const header = [0x09, 0x00, 0x10, 0x10, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]
  const items = repeat([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0], 100_000)
  expect(await codeOf(withDataset(Uint8Array.from([...header, ...items])))).toBe('TOO_MANY_ITEMS')
})

test('a deflate bomb stops at the cap', async () => {
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(300 * 1024 * 1024)))
  expect(bomb.length).toBeLessThan(1024 * 1024)
  expect(await codeOf(withDataset(bomb, '1.2.840.10008.1.2.1.99'))).toBe('INFLATE_LIMIT')
})

test('pixels that lie about their size allocate nothing', async () => {
  const lie: DicomElement[] = [
    { tag: 0x00280010, vr: 'US', numbers: [65_535] },
    { tag: 0x00280011, vr: 'US', numbers: [65_535] },
  ]
  expect(await codeOf(sampleDicom({ with: lie }))).toBe('VALUE_TOO_LARGE')
  expect(await codeOf(sampleDicom({ kind: 'enhanced-ct', with: [text(0x00280008, 'IS', '19999')] }))).toBe(
    'PIXELS_LENGTH',
  )
})

test('every truncation of a file is answered by a code', async () => {
  const whole = sampleDicom({ kind: 'enhanced-ct' })
  for (let length = 0; length < whole.length; length += 7) {
    const code = await codeOf(whole.slice(0, length))
    expect(code === 'accepted' || isOutcomeCode(code)).toBe(true)
  }
})

const SYNTAXES = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.90',
]

test('mutated files never crash, never throw, and never pass unclean', async () => {
  const bases = SYNTAXES.flatMap((transferSyntaxUid) =>
    (['ct', 'enhanced-ct'] as const).map((kind) => sampleDicom({ kind, write: { transferSyntaxUid } })),
  )
  const property = fc.asyncProperty(
    fc.constantFrom(...bases),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 }),
    async (base, edits) => {
      const bytes = base.slice()
      for (const [at, value] of edits) bytes[at % Math.min(bytes.length, 1500)] = value
      const outcome = await pseudonymise(bytes, key, context)
      if (outcome.outcome !== 'accepted') return isOutcomeCode(outcome.code) && outcome.code !== 'UNEXPECTED'
      return (await verify(outcome.bytes, { keyFingerprint: key.fingerprint })).outcome === 'clean'
    },
  )
  const result = await fc.check(property, { numRuns: 1500, seed: 8 })
  expect(result.counterexample).toBeNull()
})
