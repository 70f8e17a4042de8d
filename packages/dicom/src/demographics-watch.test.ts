import { expect, test } from 'vitest'
import { watchDemographics } from './demographics-watch.ts'
import type { Envelope } from './envelope.ts'

const file = (patientCode: string, part: Partial<Envelope>) => ({
  patientCode,
  envelope: {
    version: 1,
    keyFingerprint: '0'.repeat(32),
    imagedInPeriod: null,
    birthDateHmac: null,
    sex: null,
    ...part,
  } satisfies Envelope,
})

test('files of one patient that disagree on sex or birth date are held; what is missing agrees with all', () => {
  const watch = watchDemographics()
  expect(watch(file('PA', {}))).toBeUndefined()
  expect(watch(file('PA', { sex: 'F' }))).toBeUndefined()
  expect(watch(file('PA', { birthDateHmac: 'a'.repeat(64) }))).toBeUndefined()
  expect(watch(file('PA', { sex: 'M' }))).toMatchObject({ outcome: 'held', code: 'DEMOGRAPHICS_CONFLICT' })
  expect(watch(file('PA', { birthDateHmac: 'b'.repeat(64) }))).toMatchObject({ code: 'DEMOGRAPHICS_CONFLICT' })
  expect(watch(file('PB', { sex: 'M' }))).toBeUndefined()
})
