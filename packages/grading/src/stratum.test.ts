import { expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import { type StratumFacts, stratumOf } from './stratum.ts'

const { strata } = shippedProtocol().split
const facts: StratumFacts = { site: 'A', sex: 'F', ageYears: 50, columns: { leg_pain: 'left' } }

test.each([
  { ageYears: 49, band: 'under-50' },
  { ageYears: 50, band: '50-64' },
  { ageYears: 64, band: '50-64' },
  { ageYears: 65, band: '65-up' },
  { ageYears: 90, band: '65-up' },
  { ageYears: null, band: 'unknown' },
])('an age of $ageYears is in the band $band', ({ ageYears, band }) => {
  expect(stratumOf(strata, { ...facts, ageYears })).toBe(`site=A · sex=F · age=${band}`)
})

test('a patient without site or sex is in a stratum of the unknown, not in none', () => {
  expect(stratumOf(strata, { ...facts, site: null, sex: null })).toBe('site=unknown · sex=unknown · age=50-64')
})

test('a clinical column can make strata; without variables there is one stratum', () => {
  expect(stratumOf([{ by: 'column', column: 'leg_pain' }], facts)).toBe('leg_pain=left')
  expect(stratumOf([], facts)).toBe('all')
})
