import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answers } from '../test/arbitraries.ts'
import { otherProtocol, shippedProtocol } from '../test/protocols.ts'
import { type CellAnswer, cellText } from './cell.ts'
import { consensus, groupConsensus } from './consensus.ts'
import { discordance } from './discordance.ts'
import type { Answers } from './reading-cells.ts'
import { deriveReference } from './reference.ts'
import { requiredCells } from './required-cells.ts'

const shipped = shippedProtocol()
const cell = { level: 'L4L5', side: 'right', feature: 'narrowing' } as const
const graded = (grade: number): CellAnswer => ({ kind: 'graded', grade })
const unseen: CellAnswer = { kind: 'not_assessable', reason: { code: 'not_visible' } }
const artefact: CellAnswer = { kind: 'not_assessable', reason: { code: 'artefact' } }

describe('discordance', () => {
  test('is symmetric, and nobody is discordant with an equal answer', () => {
    fc.assert(
      fc.property(answers(5), answers(5), fc.integer({ min: 1, max: 4 }), (first, second, steps) => {
        expect(discordance(first, second, steps)).toEqual(discordance(second, first, steps))
        expect(discordance(first, first, steps)).toEqual({ kind: 'agree' })
      }),
    )
  })

  test('a grade of 0 against not assessable is discordant: missing is not zero', () => {
    expect(discordance(graded(0), unseen, 1)).toEqual({ kind: 'discordant', spread: null })
  })

  test('begins at the steps of the protocol', () => {
    expect(discordance(graded(1), graded(2), 2)).toEqual({ kind: 'agree' })
    expect(discordance(graded(1), graded(3), 2)).toEqual({ kind: 'discordant', spread: 2 })
  })
})

describe('consensus of one cell', () => {
  test('does not depend on the order of the readers, and is one of their answers', () => {
    const readers = fc.array(answers(4), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(readers, fc.constantFrom(shipped, otherProtocol()), (given, protocol) => {
        const result = consensus(protocol, cell, given)
        expect(consensus(protocol, cell, given.toReversed())).toEqual(result)
        expect(given).toContainEqual(result.kind === 'agreed' ? result.value : given[0])
      }),
    )
  })

  test('by the shipped rule any difference is adjudicated', () => {
    expect(consensus(shipped, cell, [graded(1), graded(1)])).toEqual({ kind: 'agreed', value: graded(1) })
    expect(consensus(shipped, cell, [graded(1), graded(3)])).toEqual({ kind: 'adjudicate', spread: 2 })
    expect(consensus(shipped, cell, [unseen, graded(0)])).toEqual({ kind: 'adjudicate', spread: null })
  })

  test('within a tolerance the grade that the protocol prefers stands', () => {
    const tolerant = otherProtocol()
    expect(consensus(tolerant, cell, [graded(1), graded(2)])).toEqual({ kind: 'agreed', value: graded(1) })
    const higher = { discordance: { ...tolerant.discordance, withinTolerance: 'higher' as const } }
    expect(consensus(higher, cell, [graded(1), graded(2)])).toEqual({ kind: 'agreed', value: graded(2) })
  })

  test('both not assessable agree, with the reason that stands first in the list', () => {
    expect(consensus(shipped, cell, [unseen, artefact])).toEqual({ kind: 'agreed', value: artefact })
  })
})

const required = requiredCells(shipped, 'ct', ['L4L5'])
const readings = fc
  .tuple(fc.array(answers(4), { minLength: 10, maxLength: 10 }), fc.array(answers(4), { minLength: 10, maxLength: 10 }))
  .map((both) => both.map(reading))

function reading(values: readonly CellAnswer[]): Answers {
  return new Map(required.flatMap((key, index) => (values[index] ? [[cellText(key), values[index]] as const] : [])))
}

describe('consensus of a group', () => {
  test('has every required cell once: settled, or still discordant', () => {
    fc.assert(
      fc.property(readings, (both) => {
        const result = groupConsensus(shipped, required, { readings: both, adjudicated: [] })
        const cells =
          result.kind === 'settled'
            ? result.cells
            : result.kind === 'open'
              ? [...result.cells, ...result.discordant]
              : []
        expect(cells.map((row) => cellText(row.cell)).toSorted()).toEqual(required.map(cellText).toSorted())
      }),
    )
  })

  test('settles as soon as every discordant cell is decided, and keeps the agreed cells as they were', () => {
    fc.assert(
      fc.property(readings, answers(4), (both, decision) => {
        const open = groupConsensus(shipped, required, { readings: both, adjudicated: [] })
        const discordant = open.kind === 'open' ? open.discordant : []
        const adjudicated = discordant.map((row) => ({ cell: row.cell, value: decision }))
        const settled = groupConsensus(shipped, required, { readings: both, adjudicated })
        expect(settled.kind).toBe('settled')
        const cells = settled.kind === 'settled' ? settled.cells : []
        expect(cells.filter(({ source }) => source === 'agreed')).toEqual(open.kind === 'unread' ? [] : open.cells)
        expect(cells.filter(({ source }) => source === 'adjudicated')).toHaveLength(discordant.length)
      }),
    )
  })

  test('names what nobody has read yet', () => {
    const half = reading([graded(0)])
    const full = reading(required.map(() => graded(0)))
    const result = groupConsensus(shipped, required, { readings: [half, full], adjudicated: [] })
    expect(result).toEqual({ kind: 'unread', cells: required.slice(1) })
  })

  test('refuses a decision on a cell that was agreed, and two on one cell', () => {
    const full = reading(required.map(() => graded(0)))
    const decision = { cell: required[0] ?? cell, value: graded(1) }
    const decide = (adjudicated: (typeof decision)[]) => () =>
      groupConsensus(shipped, required, { readings: [full, full], adjudicated })
    expect(decide([decision])).toThrow(RangeError)
    expect(decide([decision, decision])).toThrow(RangeError)
  })
})

describe('the reference', () => {
  const versions = { consensusVersion: 2, protocolVersion: 1 }

  test('is the settled consensus, cell by cell', () => {
    const full = reading(required.map(() => graded(2)))
    const settled = groupConsensus(shipped, required, { readings: [full, full], adjudicated: [] })
    expect(deriveReference(settled, versions)).toMatchObject({
      kind: 'derived',
      reference: { ...versions, cells: required.map((key) => ({ cell: key, value: graded(2), source: 'agreed' })) },
    })
  })

  test('does not exist while anything is open, and says what', () => {
    const one = reading(required.map(() => graded(0)))
    const other = reading(required.map((_, index) => graded(index === 3 ? 1 : 0)))
    const open = groupConsensus(shipped, required, { readings: [one, other], adjudicated: [] })
    expect(deriveReference(open, versions)).toEqual({
      kind: 'incomplete',
      reason: 'adjudication_open',
      cells: [required[3]],
    })
    const unread = groupConsensus(shipped, required, { readings: [one, new Map()], adjudicated: [] })
    expect(deriveReference(unread, versions)).toMatchObject({ kind: 'incomplete', reason: 'not_read' })
  })
})
