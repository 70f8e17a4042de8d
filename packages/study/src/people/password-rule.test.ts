import { expect, test } from 'vitest'
import { checkPassword, checkPin } from './password-rule.ts'

const person = { name: 'Lin Example', email: 'lin.example@hospital.test' }

test.each(['short', 'elevenchars'])('%s is too short', (password) => {
  expect(() => checkPassword(password, person)).toThrow('PASSWORD_TOO_SHORT')
})

test.each([
  'password12345',
  'qwertyuiop12',
  'lin-example-1',
  'FacetGrade-2026!',
  'Hospital.Radiology.1',
  'aaaaaaaaaaaaaaa',
])('%s is on the list, a pattern, or the person in other words', (password) => {
  expect(() => checkPassword(password, person)).toThrow('PASSWORD_TOO_COMMON')
})

test.each(['seven-turtles-under-glass', 'correct horse battery', 'kZ4!vP9#qL2&', '椎间关节的七只乌龟在玻璃下面走'])(
  '%s is taken',
  (password) => {
    expect(() => checkPassword(password, person)).not.toThrow()
  },
)

test.each(['12345', '111111', '123456', '987654', '121212', '123123', '2468024680246', 'abcdef'])(
  'the PIN %s is refused',
  (pin) => {
    expect(() => checkPin(pin)).toThrow('PIN_TOO_WEAK')
  },
)

test('a PIN of six unrelated digits is taken', () => {
  expect(() => checkPin('271828')).not.toThrow()
})
