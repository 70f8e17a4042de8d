import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patientCodeOf, seeds } from '../test/arbitraries.ts'
import { sha256 } from '../test/sha256.ts'
import { goldenVectors } from '../test/vectors.ts'
import { canonicalJson } from './canonical-json.ts'
import { largestRemainder } from './largest-remainder.ts'
import { PARTS, type Part } from './part.ts'
import type { Ratios } from './protocol-document.ts'
import { latePart, type RosterEntry, rosterHash, splitRoster } from './split.ts'
import { SplitSeal } from './split-seal.ts'

const RATIOS: Ratios = { train: 70, validation: 15, test: 15 }
const SEED = 'a1'.repeat(32)

const ratios = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map(([a, b]) => ({ train: Math.min(a, b), validation: Math.abs(a - b), test: 100 - Math.max(a, b) }))
const rosters = fc
  .array(fc.constantFrom('A', 'B', 'C', 'D', 'E'), { minLength: 1, maxLength: 120 })
  .map((strata) => strata.map((stratum, index) => ({ patientCode: patientCodeOf(index * 7919), stratum })))

function split(roster: readonly RosterEntry[], seed = SEED, by: Ratios = RATIOS): SplitSeal {
  return splitRoster(sha256, { seed, protocolVersion: 1, ratios: by, roster })
}

/** 14 strata of very different sizes. */
function aRoster(patients: number): RosterEntry[] {
  return Array.from({ length: patients }, (_, index) => {
    const stratum = `site=${'ABBCCCC'[index % 7]} · sex=${index % 2 ? 'F' : 'M'} · age=${index % 11 < 3 ? 'under-50' : '50-up'}`
    return { patientCode: patientCodeOf(index * 104_729), stratum }
  })
}

describe('a split', () => {
  test('gives 490, 105 and 105 of the 700 planned patients', () => {
    expect(split(aRoster(700)).counts).toEqual({ train: 490, validation: 105, test: 105 })
  })

  test('has each patient once, parts of the exact size, and counts that are those of its allocations', () => {
    fc.assert(
      fc.property(rosters, ratios, seeds, (roster, by, seed) => {
        const seal = SplitSeal.parse(split(roster, seed, by))
        expect(seal.allocations.map(({ patientCode }) => patientCode).toSorted()).toEqual(
          roster.map(({ patientCode }) => patientCode).toSorted(),
        )
        expect(count(seal.allocations)).toEqual(seal.counts)
        expect(seal.counts).toEqual(largestRemainder(by, roster.length))
        for (const { stratum, counts } of seal.strata) {
          const members = seal.allocations.filter((allocation) => allocation.stratum === stratum)
          expect(count(members)).toEqual(counts)
          expect(members).toHaveLength(roster.filter((entry) => entry.stratum === stratum).length)
        }
      }),
    )
  })

  test('stays within less than one patient of the share of every part in every stratum', () => {
    fc.assert(
      fc.property(rosters, ratios, seeds, (roster, by, seed) => {
        const seal = split(roster, seed, by)
        for (const { counts } of seal.strata) {
          const size = counts.train + counts.validation + counts.test
          for (const part of PARTS) {
            expect(Math.abs(counts[part] - (seal.counts[part] * size) / roster.length)).toBeLessThan(1)
          }
        }
      }),
    )
  })

  test('does not depend on the order of the roster', () => {
    fc.assert(
      fc.property(rosters, seeds, fc.nat(), (roster, seed, turn) => {
        const at = turn % roster.length
        const turned = [...roster.slice(at), ...roster.slice(0, at)].toReversed()
        expect(split(turned, seed)).toEqual(split(roster, seed))
      }),
    )
  })

  test('changes with the seed', () => {
    expect(split(aRoster(100), 'b2'.repeat(32)).allocations).not.toEqual(split(aRoster(100)).allocations)
  })

  test('gives every patient every part about as often as the ratios say', () => {
    const first = patientCodeOf(0)
    const drawn = Array.from({ length: 2000 }, (_, index) => {
      const { allocations } = split(aRoster(20), sha256(`seed ${index}`))
      return { part: allocations.find(({ patientCode }) => patientCode === first)?.part ?? 'train' }
    })
    const { train, validation, test: held } = count(drawn)
    // expected 1400, 300, 300; five standard deviations
    expect(Math.abs(train - 1400)).toBeLessThan(103)
    expect(Math.abs(validation - 300)).toBeLessThan(80)
    expect(Math.abs(held - 300)).toBeLessThan(80)
  })

  test('refuses an empty roster and a patient who stands in it twice', () => {
    const entry = { patientCode: patientCodeOf(1), stratum: 'A' }
    expect(() => split([])).toThrow(RangeError)
    expect(() => split([entry, { ...entry, stratum: 'B' }])).toThrow(RangeError)
  })

  test('takes seventy thousand patients', () => {
    const seal = split(aRoster(70_000))
    expect(seal.counts).toEqual({ train: 49_000, validation: 10_500, test: 10_500 })
  }, 60_000)
})

describe('the roster hash', () => {
  test('is the same for the same entries in any order, and another when a stratum changes', () => {
    const roster = aRoster(30)
    expect(rosterHash(sha256, roster.toReversed())).toBe(rosterHash(sha256, roster))
    const changed = roster.map((entry, index) => (index === 3 ? { ...entry, stratum: 'other' } : entry))
    expect(rosterHash(sha256, changed)).not.toBe(rosterHash(sha256, roster))
  })
})

describe('a patient added after sealing', () => {
  const seal = { seed: SEED, ratios: RATIOS }
  const late = (isUnsealed: boolean): { part: Part }[] =>
    Array.from({ length: 20_000 }, (_, index) => ({
      part: latePart(sha256, seal, { patientCode: patientCodeOf(index), isUnsealed }),
    }))

  test('is drawn 70 : 15 : 15 before unsealing', () => {
    const { train, validation, test: held } = count(late(false))
    expect(Math.abs(train - 14_000)).toBeLessThan(325)
    expect(Math.abs(validation - 3000)).toBeLessThan(253)
    expect(Math.abs(held - 3000)).toBeLessThan(253)
  })

  test('never goes to test after unsealing, and to train and validation as 70 : 15', () => {
    const { train, test: held } = count(late(true))
    expect(held).toBe(0)
    expect(Math.abs(train - (20_000 * 70) / 85)).toBeLessThan(270)
  })
})

test('golden vectors: the split of facetgrade-split/1 never changes', () => {
  const { committed, computed } = goldenVectors('split-1', () => {
    const small = aRoster(47)
    const large = split(aRoster(5000))
    const codes = [1, 2, 3, 4, 5, 6, 7, 8].map((index) => patientCodeOf(index * 1_000_003))
    return {
      small: { roster: small, seal: split(small) },
      large: { patients: 5000, rosterHash: large.rosterHash, sealHash: sha256(canonicalJson(large)) },
      late: codes.map((patientCode) => ({
        patientCode,
        sealed: latePart(sha256, { seed: SEED, ratios: RATIOS }, { patientCode, isUnsealed: false }),
        unsealed: latePart(sha256, { seed: SEED, ratios: RATIOS }, { patientCode, isUnsealed: true }),
      })),
    }
  })
  expect(computed).toEqual(committed)
})

function count(items: readonly { part: Part }[]): Record<Part, number> {
  const counts = { train: 0, validation: 0, test: 0 }
  for (const { part } of items) counts[part] += 1
  return counts
}
