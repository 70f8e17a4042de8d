import { createHash } from 'node:crypto'
import { afterAll, expect, test, vi } from 'vitest'
import { openNodePool } from './node-pool.ts'
import { sampleDicom } from './sample-dicom.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'

// A worker starts in a fraction of a second, or in many on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const keyFile = createKeyFile('2026-01-01T00:00:00Z')
const { fingerprint } = openStudyKey(keyFile, 'pool')
const keyed = { keyFile, studyCode: 'pool', context: { defaultIssuer: 'H', imagingPeriod: null } }
const pool = openNodePool({ size: 2, keyed })
afterAll(() => pool.close())

async function accepted(original: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const outcome = await pool.pseudonymise(original)
  if (outcome.outcome !== 'accepted') throw new Error(outcome.code)
  return outcome.bytes
}

test('workers pseudonymise and verify as the functions do', async () => {
  const outcomes = await Promise.all(
    ['ct', 'mr', 'dx'].map((kind) => pool.pseudonymise(sampleDicom({ kind: kind as 'ct' }))),
  )
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  const [first] = outcomes
  const bytes = first?.outcome === 'accepted' ? first.bytes : new Uint8Array(0)
  const length = bytes.length
  const pack = new Uint8Array(length * 2 + 1)
  pack.set(bytes)
  pack.set(bytes, length + 1)
  const places = [0, length + 1, 1].map((offset) => ({ offset, length: offset === 1 ? 10 : length }))
  const verified = await pool.verify(pack, { places, keyFingerprint: fingerprint })
  expect(verified.outcomes.map(({ outcome }) => outcome)).toEqual(['clean', 'clean', 'rejected'])
  expect(verified.bytes?.subarray(0, length)).toEqual(await accepted(sampleDicom()))
})

test('an object is named by the SHA-256 of its bytes where it is asked for', async () => {
  const named = await pool.pseudonymiseNamed(sampleDicom())
  const bytes = await accepted(sampleDicom())
  expect(named).toMatchObject({ outcome: 'accepted', contentHash: createHash('sha256').update(bytes).digest('hex') })
})

test('a pack whose worker is killed keeps the answers there were, and refuses the file that was being read', async () => {
  const hurried = openNodePool({ size: 1, keyed: null, timeoutMs: 1 })
  const pack = await accepted(sampleDicom())
  const places = [0, 0, 0].map((offset) => ({ offset, length: pack.length }))
  const { outcomes, bytes } = await hurried.verify(pack, { places, keyFingerprint: fingerprint })
  await hurried.close()
  expect(bytes).toBeNull()
  expect(outcomes.at(-1)).toMatchObject({ outcome: 'rejected', code: 'PARSE_TIMEOUT' })
  expect(outcomes.slice(0, -1).every(({ outcome }) => outcome === 'clean')).toBe(true)
})

test('a buffer of the shared pool is copied, bytes that are gone are answered', async () => {
  const small = Buffer.from('not an image')
  expect(await pool.pseudonymise(small)).toMatchObject({ code: 'NOT_DICOM' })
  expect(small.toString()).toBe('not an image')
  const gone = sampleDicom()
  structuredClone(gone, { transfer: [gone.buffer] })
  expect(await pool.pseudonymise(gone)).toMatchObject({ outcome: 'rejected' })
  expect(await pool.pseudonymise(sampleDicom())).toMatchObject({ outcome: 'accepted' })
})

test('a file that takes too long is answered, its worker killed, and the next file read', async () => {
  const hurried = openNodePool({ size: 1, keyed, timeoutMs: 1 })
  expect(await hurried.pseudonymise(sampleDicom())).toMatchObject({ outcome: 'rejected', code: 'PARSE_TIMEOUT' })
  await hurried.close()
  expect(await pool.pseudonymise(sampleDicom())).toMatchObject({ outcome: 'accepted' })
})
