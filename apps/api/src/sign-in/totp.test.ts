import { expect, test } from 'vitest'
import { codeAt, stepAt, stepOf } from './totp.ts'

const SECRET = '12345678901234567890'

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])('at %i s the code is that of RFC 6238 appendix B', (seconds, code) => {
  expect(codeAt(SECRET, stepAt(seconds * 1000))).toBe(code)
})

test('a code names its step one period early and late, and none beyond', () => {
  const now = 1_111_111_109_000
  const code = codeAt(SECRET, stepAt(now))
  expect(stepOf(SECRET, code, now)).toBe(stepAt(now))
  expect(stepOf(SECRET, code, now + 30_000)).toBe(stepAt(now))
  expect(stepOf(SECRET, code, now - 30_000)).toBe(stepAt(now))
  expect(stepOf(SECRET, code, now + 61_000)).toBeUndefined()
  expect(stepOf(SECRET, 'abcdef', now)).toBeUndefined()
})
