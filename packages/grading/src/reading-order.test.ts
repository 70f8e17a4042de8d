import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patientCodeOf, seeds } from '../test/arbitraries.ts'
import { sha256 } from '../test/sha256.ts'
import { goldenVectors } from '../test/vectors.ts'
import { canonicalJson } from './canonical-json.ts'
import { largestDistance } from './case-spacing.ts'
import { MODALITIES } from './modality.ts'
import { drawShare, type OrderedCase, ReadingOrder, readingOrder, smallestGap } from './reading-order.ts'

const SEED = 'c3'.repeat(32)

/** As many cases for each patient as the list says. */
function casesOf(counts: readonly number[]): OrderedCase[] {
  return counts.flatMap((count, index) =>
    Array.from({ length: count }, (_, nth) => {
      const patientCode = patientCodeOf(index * 7919)
      return { caseId: `${patientCode}/${MODALITIES[nth] ?? `repeat-${nth}`}`, patientCode }
    }),
  )
}

function order(cases: readonly OrderedCase[], casesBetween: number, seed = SEED, reader = 'J1'): ReadingOrder {
  return readingOrder(sha256, { seed, reader, round: 'first', casesBetween, cases })
}

const rosters = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 })
const between = fc.integer({ min: 0, max: 30 })

describe('a reading order', () => {
  test('has every case once', () => {
    fc.assert(
      fc.property(rosters, between, seeds, (counts, casesBetween, seed) => {
        const cases = casesOf(counts)
        const { caseIds } = ReadingOrder.parse(order(cases, casesBetween, seed))
        expect(caseIds.toSorted()).toEqual(cases.map(({ caseId }) => caseId).toSorted())
      }),
    )
  })

  test('keeps the cases of a patient as far apart as wanted, or else as far as any order could', () => {
    fc.assert(
      fc.property(rosters, between, seeds, (counts, casesBetween, seed) => {
        const cases = casesOf(counts)
        const { achieved } = order(cases, casesBetween, seed).casesBetweenSamePatient
        const possible = Math.min(casesBetween, largestDistance(counts) - 1)
        expect(achieved === null).toBe(Math.max(...counts) === 1)
        expect(achieved ?? possible).toBeGreaterThanOrEqual(possible)
      }),
      { numRuns: 500 },
    )
  })

  test('says truly what it achieved', () => {
    fc.assert(
      fc.property(rosters, between, (counts, casesBetween) => {
        const cases = new Map(casesOf(counts).map((item) => [item.caseId, item]))
        const { caseIds, casesBetweenSamePatient } = order([...cases.values()], casesBetween)
        const patients = caseIds.map((caseId) => cases.get(caseId)?.patientCode)
        const gaps = patients.flatMap((patient, place) => {
          const next = patients.indexOf(patient, place + 1)
          return next < 0 ? [] : [next - place - 1]
        })
        expect(casesBetweenSamePatient.achieved).toBe(gaps.length > 0 ? Math.min(...gaps) : null)
      }),
    )
  })

  test('does not depend on the order in which the cases come', () => {
    fc.assert(
      fc.property(rosters, between, seeds, (counts, casesBetween, seed) => {
        const cases = casesOf(counts)
        expect(order(cases.toReversed(), casesBetween, seed)).toEqual(order(cases, casesBetween, seed))
      }),
    )
  })

  test('is another for another reader', () => {
    const cases = casesOf([3, 3, 3, 3, 3, 3, 3, 3])
    expect(order(cases, 20, SEED, 'J2').caseIds).not.toEqual(order(cases, 20).caseIds)
  })

  test('puts every case in every place about equally often where the roster leaves room', () => {
    const cases = casesOf([1, 1, 1, 1, 1, 2])
    const places = Array.from({ length: 7 }, () => 0)
    for (let draw = 0; draw < 7000; draw += 1) {
      const place = order(cases, 1, sha256(`seed ${draw}`)).caseIds.indexOf(cases[0]?.caseId ?? '')
      places[place] = (places[place] ?? 0) + 1
    }
    for (const count of places) expect(Math.abs(count - 1000)).toBeLessThan(170)
  })

  test('refuses a case that comes twice', () => {
    const [one] = casesOf([1])
    expect(() => order(one ? [one, one] : [], 20)).toThrow(RangeError)
  })

  test('takes the cohort of 70,000 patients with three modalities', () => {
    const cases = casesOf(Array.from({ length: 70_000 }, () => 3))
    expect(order(cases, 20).casesBetweenSamePatient.achieved).toBeGreaterThanOrEqual(20)
  }, 60_000)

  test('of no case is empty', () => {
    expect(order([], 20)).toMatchObject({ caseIds: [], casesBetweenSamePatient: { achieved: null } })
  })
})

test('the largest distance is the one that trying every order finds', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (counts) => {
      fc.pre(counts.reduce((sum, count) => sum + count, 0) <= 8)
      const letters = counts.flatMap((count, index) => Array.from({ length: count }, () => String(index)))
      const gaps = [...new Set(arrangements(letters))].map((text) =>
        smallestGap(Array.from(text, (patientCode) => ({ patientCode }))),
      )
      const best = Math.max(...gaps.map((gap) => (gap === null ? Infinity : gap + 1)))
      expect(largestDistance(counts)).toBe(best)
    }),
    { numRuns: 40 },
  )
})

test('a share is a subset of the rounded size, other for another reader', () => {
  const cases = casesOf([3, 3, 3, 3, 3, 3, 3])
  const drawn = drawShare(sha256, cases, { seed: SEED, reader: 'J1', round: 'repeat', share: 10 })
  const other = drawShare(sha256, cases, { seed: SEED, reader: 'S1', round: 'repeat', share: 10 })
  expect(drawn).toHaveLength(2)
  expect(cases).toEqual(expect.arrayContaining(drawn))
  expect(other).not.toEqual(drawn)
})

test('golden vectors: the order of facetgrade-reading-order/1 never changes', () => {
  const { committed, computed } = goldenVectors('reading-order-1', () => {
    const loose = casesOf(Array.from({ length: 30 }, (_, index) => 1 + (index % 3)))
    const tight = casesOf([3, 3, 2, 1, 3, 1])
    const large = order(casesOf(Array.from({ length: 700 }, () => 3)), 20, SEED, 'S2')
    return {
      loose: { cases: loose, order: order(loose, 5) },
      tight: { cases: tight, order: order(tight, 20) },
      large: { patients: 700, cases: 2100, orderHash: sha256(canonicalJson(large)) },
      share: drawShare(sha256, loose, { seed: SEED, reader: 'J1', round: 'repeat', share: 10 }),
    }
  })
  expect(computed).toEqual(committed)
})

function arrangements(letters: readonly string[]): string[] {
  if (letters.length === 0) return ['']
  return [...new Set(letters)].flatMap((letter) => {
    const rest = letters.toSpliced(letters.indexOf(letter), 1)
    return arrangements(rest).map((text) => letter + text)
  })
}
