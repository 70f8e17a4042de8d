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

test('workers pseudonymise and verify as the functions do', async () => {
  const outcomes = await Promise.all(
    ['ct', 'mr', 'dx'].map((kind) => pool.pseudonymise(sampleDicom({ kind: kind as 'ct' }))),
  )
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  const [first] = outcomes
  const bytes = first?.outcome === 'accepted' ? first.bytes : new Uint8Array(0)
  expect(await pool.verify(bytes, { keyFingerprint: fingerprint })).toMatchObject({ outcome: 'clean' })
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
