import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import { CriterionAnswer, type CriterionAnswers, eligibility, proposedAnswers } from './eligibility.ts'

const protocol = shippedProtocol()
const { criteria } = protocol.eligibility
const MEETS = Object.fromEntries(criteria.map(({ code, kind }) => [code, kind === 'inclusion' ? 'yes' : 'no'] as const))
const anyAnswers: fc.Arbitrary<CriterionAnswers> = fc
  .tuple(
    ...criteria.map(({ code }) =>
      fc.option(fc.constantFrom(...CriterionAnswer.options)).map((answer) => [code, answer] as const),
    ),
  )
  .map((pairs) => Object.fromEntries(pairs.flatMap(([code, answer]) => (answer ? [[code, answer]] : []))))

describe('eligibility', () => {
  test('needs every inclusion criterion met and every exclusion criterion denied', () => {
    expect(eligibility(protocol, MEETS)).toEqual({ kind: 'eligible' })
  })

  test('names every criterion that keeps the patient out, in the order of the protocol', () => {
    expect(eligibility(protocol, { ...MEETS, E3: 'yes', I1: 'no' })).toEqual({ kind: 'excluded', codes: ['I1', 'E3'] })
  })

  test('one failed criterion decides while others are open, but unknown never decides', () => {
    expect(eligibility(protocol, { E2: 'yes' })).toEqual({ kind: 'excluded', codes: ['E2'] })
    expect(eligibility(protocol, { ...MEETS, E2: 'unknown' })).toEqual({ kind: 'undecided', open: ['E2'] })
    expect(eligibility(protocol, {})).toEqual({ kind: 'undecided', open: criteria.map(({ code }) => code) })
  })

  test('an answer more never turns out into in, or in into out, unless it is that criterion', () => {
    fc.assert(
      fc.property(anyAnswers, fc.constantFrom(...criteria), (given, { code, kind }) => {
        const failing = { ...given, [code]: kind === 'inclusion' ? 'no' : 'yes' } as const
        expect(eligibility(protocol, failing).kind).toBe('excluded')
        const before = eligibility(protocol, given)
        const after = eligibility(protocol, { ...given, [code]: kind === 'inclusion' ? 'yes' : 'no' })
        const expected = before.kind === 'excluded' ? before.codes.filter((failed) => failed !== code) : []
        expect(after.kind === 'excluded' ? after.codes : []).toEqual(expected)
      }),
    )
  })

  test('refuses an answer to a criterion that does not exist', () => {
    expect(() => eligibility(protocol, { E99: 'no' })).toThrow(RangeError)
  })
})

test('proposals come from data and stay unknown where the data do', () => {
  expect(proposedAnswers(protocol, { ageYears: 17, isImagedInPeriod: true, modalities: ['ct'] })).toEqual({
    I1: 'no',
    I2: 'yes',
    I3: 'yes',
  })
  expect(proposedAnswers(protocol, { ageYears: null, isImagedInPeriod: null, modalities: [] })).toEqual({
    I1: 'unknown',
    I2: 'unknown',
    I3: 'no',
  })
})
