import { expect, test } from 'vitest'
import { birthDateMac, dateShiftDays, keyedUid, patientCodeOf, shiftDate } from './keyed-patient.ts'
import { createKeyFile, type KeyFile, KeyFileError, openStudyKey, parseKeyFile } from './study-key.ts'

const file: KeyFile = {
  format: 'facetgrade-key',
  version: 1,
  created: '2026-01-01T00:00:00Z',
  secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
}
const key = openStudyKey(file, 'lumbar')

/** A study's images come over years: codes, identifiers and shifts of a key must never change. */
test('golden values: the same key gives the same pseudonyms for ever', () => {
  expect({
    fingerprint: key.fingerprint,
    code: patientCodeOf(key, 'HOSPITAL', 'ID-1'),
    shift: dateShiftDays(key, 'HOSPITAL', 'ID-1'),
    uid: keyedUid(key, '1.2.3'),
    birth: birthDateMac(key, { issuer: 'HOSPITAL', patientId: 'ID-1' }, '19600101').slice(0, 16),
  }).toMatchInlineSnapshot(`
    {
      "birth": "40098e277e70f16c",
      "code": "PMJB69EB4HQ",
      "fingerprint": "bc5774b43b4549c93bbcb1be10964a96",
      "shift": -3125,
      "uid": "2.25.167982052476909890738429201995469714362",
    }
  `)
})

test('a created key file reads back, and two are never alike', () => {
  const created = createKeyFile('2026-01-01T00:00:00Z')
  expect(parseKeyFile(JSON.stringify(created))).toEqual(created)
  expect(createKeyFile('2026-01-01T00:00:00Z').secret).not.toBe(created.secret)
})

test.each(['', '{}', 'secret', JSON.stringify({ ...file, secret: 'short' }), JSON.stringify({ ...file, more: 1 })])(
  'what is no key file is refused in one sentence without its content',
  (text) => {
    expect(() => parseKeyFile(text)).toThrow(KeyFileError)
  },
)

test('parts of a MAC are not just joined', () => {
  expect(key.mac('p', 'a', 'bc')).not.toEqual(key.mac('p', 'ab', 'c'))
})

test('every patient moves one to ten years into the past, by whole days', () => {
  const shifts = Array.from({ length: 500 }, (_, index) => dateShiftDays(key, 'H', `P${index}`))
  expect(Math.max(...shifts)).toBeLessThanOrEqual(-366)
  expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-3650)
  expect(new Set(shifts).size).toBeGreaterThan(400)
  expect(shiftDate('20240301', -1)).toBe('20240229')
})

test('blank identities are never merged into one patient', () => {
  expect(() => patientCodeOf(key, 'HOSPITAL', '  ')).toThrow(RangeError)
})
