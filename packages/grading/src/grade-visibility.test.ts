import { expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import { seesGrades } from './grade-visibility.ts'
import { ROLES } from './role.ts'

const protocol = shippedProtocol()

test('while readings are made nobody sees the grades of others', () => {
  for (const phase of ['preparation', 'reading'] as const) {
    expect(ROLES.filter((role) => seesGrades(protocol, phase, role))).toEqual([])
  }
})

test('in evaluation investigators and statisticians do, and nobody else', () => {
  expect(ROLES.filter((role) => seesGrades(protocol, 'evaluation', role))).toEqual(['investigator', 'statistician'])
})

test('a phase that the protocol does not have is closed', () => {
  expect(seesGrades({ phases: [] }, 'evaluation', 'investigator')).toBe(false)
})
