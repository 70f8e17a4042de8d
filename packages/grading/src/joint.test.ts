import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CellKey, CellText, cellText, NotAssessableReason, parseCellText } from './cell.ts'
import { CellFeature } from './feature.ts'
import { compareLevels, JointId, jointId, Level, parseJointId, Side } from './joint.ts'
import { modalityOfDicom } from './modality.ts'
import { PatientCode } from './patient-code.ts'
import { ReaderCode } from './role.ts'
import { StudyCode } from './study-code.ts'

const cells = fc.record({
  level: fc.constantFrom(...Level.options),
  side: fc.constantFrom(...Side.options),
  feature: fc.constantFrom(...CellFeature.options),
})

describe('a cell', () => {
  test('is written in one word and read back', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        expect(parseCellText(CellText.parse(cellText(cell)))).toEqual(CellKey.parse(cell))
        expect(parseJointId(JointId.parse(jointId(cell.level, cell.side)))).toEqual({
          level: cell.level,
          side: cell.side,
        })
      }),
    )
  })

  test('reads as the contract writes it', () => {
    expect(cellText({ level: 'L4L5', side: 'right', feature: 'narrowing' })).toBe('L4L5-right/narrowing')
  })

  test.each(['', 'L4L5', 'L4L5-middle', 'L4L5-left-left', 'l4l5-left', 'L5L7-left'])('no joint: "%s"', (text) => {
    expect(() => parseJointId(text)).toThrow(RangeError)
  })

  test.each(['L4L5-left', 'L4L5-left/', 'L4L5-left/disc', 'L4L5-left/cyst/cyst', 'L4L5/cyst'])(
    'no cell: "%s"',
    (text) => {
      expect(() => parseCellText(text)).toThrow(RangeError)
    },
  )
})

test('levels are ordered from the head down, transitional ones at the end', () => {
  expect((['L6S1', 'L1L2', 'L5S1', 'L5L6'] as const).toSorted(compareLevels)).toEqual(['L1L2', 'L5S1', 'L5L6', 'L6S1'])
})

test('modalities come from their DICOM codes, and nothing else is a modality', () => {
  expect(['DX', 'CR', 'CT', 'MR', 'US', 'constructor'].map(modalityOfDicom)).toEqual([
    'xray',
    'xray',
    'ct',
    'mr',
    undefined,
    undefined,
  ])
})

test.each([
  { schema: StudyCode, good: ['a', 'lumbar-2026', 'x'.repeat(24)], bad: ['', 'A', '-a', 'a-', 'x'.repeat(25), 'a_b'] },
  {
    schema: PatientCode,
    good: ['P0123456789', 'PZZZZZZZZZZ'],
    bad: ['P012345678', 'P012345678I', 'Q0123456789', 'P0123456789 '],
  },
  { schema: ReaderCode, good: ['J1', 'S12'], bad: ['J0', 'j1', '1', 'J', 'J100'] },
])('codes have one form only', ({ schema, good, bad }) => {
  expect(good.filter((code) => !schema.safeParse(code).success)).toEqual([])
  expect(bad.filter((code) => schema.safeParse(code).success)).toEqual([])
})

test.each(['', '   ', 'a\u0000b', 'half \ud800', 'x'.repeat(201)])('no reason that could be stored: %j', (text) => {
  expect(NotAssessableReason.safeParse({ code: 'other', text }).success).toBe(false)
})

test('a reason may be written in Chinese', () => {
  expect(NotAssessableReason.parse({ code: 'other', text: ' 呼吸伪影 ' })).toEqual({ code: 'other', text: '呼吸伪影' })
})
