import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answers } from '../test/arbitraries.ts'
import { otherProtocol, shippedProtocol } from '../test/protocols.ts'
import { binarise } from './binarise.ts'
import { CellValue } from './cell.ts'
import { Codebook, codebook } from './codebook.ts'
import { exportCell } from './export-cell.ts'
import { requiredCells } from './required-cells.ts'

const values: fc.Arbitrary<CellValue> = fc.oneof(
  answers(5),
  fc.constantFrom({ kind: 'not_graded' } as const, { kind: 'not_applicable' } as const),
)

test('explains every code that an export can hold', () => {
  const book = Codebook.parse(codebook(shippedProtocol(), 1))
  const codesOf = (column: string): string[] | undefined =>
    book.columns.find((coded) => coded.column === column)?.values.map(({ value }) => value)
  fc.assert(
    fc.property(values, (value) => {
      const { state, reason } = exportCell(value)
      expect(codesOf('state')).toContain(state)
      expect([null, ...(codesOf('reason') ?? [])]).toContain(reason)
    }),
  )
  for (const { level, side, feature } of requiredCells(shippedProtocol(), 'ct', ['L4L5', 'L5L6', 'L6S1'])) {
    expect(codesOf('level')).toContain(level)
    expect(codesOf('side')).toContain(side)
    expect(codesOf('feature')).toContain(feature)
  }
})

test('says what each grade means in each modality, as long as its scale is', () => {
  const lengths = codebook(otherProtocol(), 3).grades.map(
    (grade) => `${grade.modality} ${grade.feature} ${grade.values.length}`,
  )
  expect(lengths).toContain('ct cyst 2')
  expect(lengths).toContain('ct erosion 3')
  expect(lengths).toContain('ct osteophytes 5')
  expect(lengths).toContain('ct severity 4')
  expect(lengths).not.toContain('mr severity 4')
})

test('only a grade fills the grade column: no missing value can be read as 0', () => {
  fc.assert(
    fc.property(values, (value) => {
      const row = exportCell(CellValue.parse(value))
      expect(row.grade).toBe(value.kind === 'graded' ? value.grade : null)
      expect(row.reason === null).toBe(value.kind !== 'not_assessable')
    }),
  )
})

test('a grade is positive from the cut grade on, and what is missing is neither', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 4 }), (value, cut) => {
      const expected = value.kind === 'graded' ? Number(value.grade >= cut) : null
      expect(binarise(value, cut)).toBe(expected)
    }),
  )
})
