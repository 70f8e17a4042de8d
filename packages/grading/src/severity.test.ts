import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answers } from '../test/arbitraries.ts'
import { otherProtocol, shippedProtocol } from '../test/protocols.ts'
import type { CellAnswer, CellValue } from './cell.ts'
import { FEATURES, type Feature } from './feature.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { scaleOf } from './protocol-cells.ts'
import { severity } from './severity.ts'

const shipped = shippedProtocol()
const graded = (grade: number): CellValue => ({ kind: 'graded', grade })
const unseen: CellValue = { kind: 'not_assessable', reason: { code: 'not_visible' } }
const joint = (
  narrowing: number,
  hypertrophy: number,
  osteophytes: number,
  erosion: number,
  cyst: number,
): Record<Feature, CellValue> => ({
  narrowing: graded(narrowing),
  hypertrophy: graded(hypertrophy),
  osteophytes: graded(osteophytes),
  erosion: graded(erosion),
  cyst: graded(cyst),
})

describe('by the shipped rule on CT', () => {
  test.each([
    { says: 'a normal joint is 0', values: joint(0, 0, 0, 0, 0), grade: 0 },
    { says: 'narrowing alone stops at 1, however severe', values: joint(3, 0, 0, 0, 0), grade: 1 },
    { says: 'moderate osteophytes make 2', values: joint(1, 0, 2, 0, 0), grade: 2 },
    { says: 'severe hypertrophy makes 3', values: joint(0, 3, 0, 0, 0), grade: 3 },
    { says: 'mild erosion makes 2', values: joint(0, 0, 0, 1, 0), grade: 2 },
    { says: 'moderate erosion makes 3', values: joint(0, 0, 0, 2, 0), grade: 3 },
    { says: 'the smallest cyst makes 3', values: joint(0, 0, 0, 0, 1), grade: 3 },
  ])('$says', ({ values, grade }) => {
    expect(severity(shipped, 'ct', values)).toEqual({ kind: 'exact', grade })
  })

  test('an unseen narrowing lifts the upper end to 1 only', () => {
    const values = { ...joint(0, 0, 0, 0, 0), narrowing: unseen }
    expect(severity(shipped, 'ct', values)).toEqual({ kind: 'interval', lowest: 0, highest: 1 })
  })

  test('an unseen cyst opens the interval up to 3', () => {
    const values = { ...joint(1, 2, 0, 0, 0), cyst: unseen }
    expect(severity(shipped, 'ct', values)).toEqual({ kind: 'interval', lowest: 2, highest: 3 })
  })

  test('an unseen feature does not matter where another already makes 3', () => {
    const values = { ...joint(0, 3, 0, 0, 0), cyst: unseen }
    expect(severity(shipped, 'ct', values)).toEqual({ kind: 'exact', grade: 3 })
  })

  test('a grade beyond the scale is refused', () => {
    expect(() => severity(shipped, 'ct', joint(4, 0, 0, 0, 0))).toThrow(RangeError)
  })
})

test('on X-ray, where erosion and cyst are not asked, a mild joint is an interval', () => {
  const values = { narrowing: graded(1), hypertrophy: graded(1), osteophytes: graded(0) }
  expect(severity(shipped, 'xray', values)).toEqual({ kind: 'interval', lowest: 1, highest: 3 })
})

test('with narrowing required, a joint of normal width stops at 1', () => {
  const strict = withSwitches(shipped, { narrowingRequired: true })
  expect(severity(strict, 'ct', joint(0, 3, 3, 3, 3))).toEqual({ kind: 'exact', grade: 1 })
  expect(severity(strict, 'ct', joint(1, 3, 0, 0, 0))).toEqual({ kind: 'exact', grade: 3 })
})

test('severe narrowing lifts to 3 where the protocol says so', () => {
  const lifting = withSwitches(shipped, { severeNarrowingLifts: true })
  expect(severity(lifting, 'ct', joint(3, 0, 0, 0, 0))).toEqual({ kind: 'exact', grade: 3 })
  expect(severity(lifting, 'ct', joint(2, 0, 0, 0, 0))).toEqual({ kind: 'exact', grade: 1 })
})

test('the smallest cyst makes 2 where the protocol says so', () => {
  const tolerant = withSwitches(shipped, { smallestCystIsSevere: false })
  expect(severity(tolerant, 'ct', joint(0, 0, 0, 0, 1))).toEqual({ kind: 'exact', grade: 2 })
  expect(severity(tolerant, 'ct', joint(0, 0, 0, 0, 2))).toEqual({ kind: 'exact', grade: 3 })
})

describe.each([
  { name: 'shipped', protocol: shipped },
  { name: 'other', protocol: otherProtocol() },
])('for any reading under the $name protocol', ({ protocol }) => {
  const cases = fc.record({
    modality: fc.constantFrom(...protocol.modalities),
    narrowingRequired: fc.boolean(),
    severeNarrowingLifts: fc.boolean(),
    smallestCystIsSevere: fc.boolean(),
    seen: fc.record({
      narrowing: answers(4),
      hypertrophy: answers(4),
      osteophytes: answers(scaleOf(protocol, 'ct', 'osteophytes')?.length ?? 4),
      erosion: answers(scaleOf(protocol, 'ct', 'erosion')?.length ?? 4),
      cyst: answers(scaleOf(protocol, 'ct', 'cyst')?.length ?? 4),
    }),
  })

  test('the interval is exactly what the unknown features could make of it', () => {
    fc.assert(
      fc.property(cases, ({ modality, seen, ...switches }) => {
        const ruled = withSwitches(protocol, switches)
        const possible = completions(ruled, modality, seen).map((grades) => oracle(ruled, modality, grades))
        const lowest = Math.min(...possible)
        const highest = Math.max(...possible)
        expect(severity(ruled, modality, seen)).toEqual(
          lowest === highest ? { kind: 'exact', grade: lowest } : { kind: 'interval', lowest, highest },
        )
      }),
    )
  })

  test('a higher grade never lowers it', () => {
    const features = fc.constantFrom(...FEATURES)
    fc.assert(
      fc.property(cases, features, ({ modality, seen, ...switches }, feature) => {
        const ruled = withSwitches(protocol, switches)
        const value = seen[feature]
        const levels = scaleOf(ruled, modality, feature)?.length ?? 0
        fc.pre(value.kind === 'graded' && value.grade + 1 < levels)
        const grade = value.kind === 'graded' ? value.grade + 1 : 0
        const before = ends(severity(ruled, modality, seen))
        const after = ends(severity(ruled, modality, { ...seen, [feature]: graded(grade) }))
        expect(after.lowest).toBeGreaterThanOrEqual(before.lowest)
        expect(after.highest).toBeGreaterThanOrEqual(before.highest)
      }),
    )
  })
})

function withSwitches(
  protocol: Protocol,
  switches: Partial<Pick<Protocol['severity'], 'narrowingRequired' | 'severeNarrowingLifts' | 'smallestCystIsSevere'>>,
): Protocol {
  return { ...protocol, severity: { ...protocol.severity, ...switches } }
}

function ends(value: ReturnType<typeof severity>): { lowest: number; highest: number } {
  return value.kind === 'exact' ? { lowest: value.grade, highest: value.grade } : value
}

type Grades = Record<Feature, number>

/** Every way in which the unknown features could be graded; one that is not asked has the levels of the CT scale. */
function completions(protocol: Protocol, modality: Modality, seen: Readonly<Record<Feature, CellAnswer>>): Grades[] {
  let ways: Partial<Grades>[] = [{}]
  for (const feature of FEATURES) {
    const value = seen[feature]
    const levels = (scaleOf(protocol, modality, feature) ?? scaleOf(protocol, 'ct', feature) ?? []).length
    const isKnown = value.kind === 'graded' && scaleOf(protocol, modality, feature) !== undefined
    const options = isKnown ? [value.grade] : Array.from({ length: levels }, (_, grade) => grade)
    ways = ways.flatMap((way) => options.map((grade) => ({ ...way, [feature]: grade })))
  }
  return ways as Grades[]
}

/** The rule of the clinical notes, written once more and plainly. */
function oracle({ severity: rule }: Protocol, modality: Modality, grades: Grades): number {
  const tables = { ...rule.tables.ct, ...rule.tables[modality] }
  const lifted = rule.severeNarrowingLifts && grades.narrowing === 3
  const cyst = grades.cyst === 0 ? 0 : grades.cyst === 1 && !rule.smallestCystIsSevere ? 2 : 3
  const most = Math.max(
    grades.narrowing >= 1 ? 1 : 0,
    lifted ? 3 : 0,
    tables.hypertrophy?.[grades.hypertrophy] ?? Number.NaN,
    tables.osteophytes?.[grades.osteophytes] ?? Number.NaN,
    tables.erosion?.[grades.erosion] ?? Number.NaN,
    cyst,
  )
  return rule.narrowingRequired && grades.narrowing === 0 ? Math.min(most, 1) : most
}
