import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answers } from '../test/arbitraries.ts'
import { otherProtocol, shippedProtocol } from '../test/protocols.ts'
import { sha256 } from '../test/sha256.ts'
import { type CellAnswer, cellText } from './cell.ts'
import { CHAIN_START, chained, checkChain } from './grade-chain.ts'
import { entryProblem } from './grade-entry-check.ts'
import { type ChainedGradeEvent, GradeEvent } from './grade-event.ts'
import { nextUndo } from './grade-undo.ts'
import { progress } from './progress.ts'
import { foldEvents, formCells } from './reading-cells.ts'
import { requiredCells } from './required-cells.ts'

const shipped = shippedProtocol()
const required = requiredCells(shipped, 'ct', shipped.levels)

type Stroke = { at: number; value: GradeEvent['value']; how?: GradeEvent['how'] }

function event(sequence: number, { at, value, how = 'entered' }: Stroke): GradeEvent {
  const cell = required[at % required.length]
  if (!cell) throw new RangeError('no cell')
  return GradeEvent.parse({
    id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    readingId: '00000000-0000-4000-8000-000000000000',
    sequence,
    reader: 'J1',
    protocolVersion: 1,
    receivedAt: '2026-01-31T12:00:00.000Z',
    clientOffsetMs: sequence * 1000,
    cell,
    value,
    how,
  })
}

const strokes = fc.array(fc.record({ at: fc.nat(60), value: answers(4) }), { maxLength: 40 })
const eventsOf = (list: readonly Stroke[]): GradeEvent[] => list.map((stroke, index) => event(index + 1, stroke))

describe('folding events', () => {
  test('the last event of a cell by sequence is its value, in whatever order events arrive', () => {
    fc.assert(
      fc.property(strokes, fc.infiniteStream(fc.nat()), (list, stream) => {
        const events = eventsOf(list)
        const expected = new Map<string, CellAnswer>()
        for (const { cell, value } of events) if (value.kind !== 'not_graded') expected.set(cellText(cell), value)
        const keys = new Map(events.map((item) => [item, stream.next().value ?? 0]))
        const mixed = events.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0))
        expect(new Map(foldEvents(mixed))).toEqual(expected)
      }),
    )
  })

  test('the state after any number of events can be had again from the first so many', () => {
    const events = eventsOf([
      { at: 0, value: { kind: 'graded', grade: 1 } },
      { at: 0, value: { kind: 'graded', grade: 2 } },
    ])
    expect([...foldEvents(events.slice(0, 1)).values()]).toEqual([{ kind: 'graded', grade: 1 }])
    expect([...foldEvents(events).values()]).toEqual([{ kind: 'graded', grade: 2 }])
  })

  test('refuses two events with one sequence', () => {
    const one = event(1, { at: 0, value: { kind: 'graded', grade: 0 } })
    expect(() => foldEvents([one, one])).toThrow(RangeError)
  })
})

test('as many undos as answers empty the reading again, and each undo is a new event', () => {
  fc.assert(
    fc.property(strokes, (list) => {
      const events = eventsOf(list)
      const states = events.map((_, count) => foldEvents(events.slice(0, count)))
      for (const before of states.toReversed()) {
        const undo = nextUndo(events)
        if (!undo) throw new RangeError('nothing to undo')
        events.push({ ...event(events.length + 1, { at: 0, value: undo.value, how: 'undone' }), cell: undo.cell })
        expect(foldEvents(events)).toEqual(before)
      }
      expect(nextUndo(events)).toBeUndefined()
      expect(events).toHaveLength(2 * list.length)
    }),
  )
})

describe('the chain', () => {
  function chain(events: readonly GradeEvent[]): ChainedGradeEvent[] {
    let previous = CHAIN_START
    return events.map((item) => {
      const link = chained(sha256, item, previous)
      previous = link.hash
      return link
    })
  }

  test('of untouched events is intact and ends at the last hash', () => {
    fc.assert(
      fc.property(strokes, (list) => {
        const links = chain(eventsOf(list))
        expect(checkChain(sha256, links)).toEqual({ kind: 'intact', head: links.at(-1)?.hash ?? CHAIN_START })
      }),
    )
  })

  test('breaks at the event that was changed, left out or moved', () => {
    const several = fc.array(fc.record({ at: fc.nat(60), value: answers(4) }), { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(several, fc.nat(), (list, nat) => {
        const links = chain(eventsOf(list))
        const at = nat % (links.length - 1)
        const broken = { kind: 'broken', sequence: at + 1 }
        const forged = links.map((link, index) =>
          index === at ? { ...link, clientOffsetMs: 1 + link.clientOffsetMs } : link,
        )
        expect(checkChain(sha256, forged)).toMatchObject({ ...broken, reason: 'hash' })
        expect(checkChain(sha256, links.toSpliced(at, 1))).toMatchObject({ ...broken, reason: 'sequence' })
        const [moved] = links.slice(at, at + 1)
        expect(checkChain(sha256, [...links.toSpliced(at, 1), ...(moved ? [moved] : [])])).toMatchObject(broken)
      }),
    )
  })

  test('breaks when an event is rewritten with a hash of its own', () => {
    const links = chain(eventsOf(required.slice(0, 3).map((_, at) => ({ at, value: { kind: 'graded', grade: 1 } }))))
    const forged = chained(
      sha256,
      event(2, { at: 1, value: { kind: 'graded', grade: 3 } }),
      links[0]?.hash ?? CHAIN_START,
    )
    expect(checkChain(sha256, links.with(1, forged))).toEqual({ kind: 'broken', sequence: 3, reason: 'previous_hash' })
  })
})

describe('progress', () => {
  test('answered and open make all required cells, over any partial saves', () => {
    fc.assert(
      fc.property(strokes, (list) => {
        const state = progress(required, foldEvents(eventsOf(list)))
        expect(state.required).toBe(50)
        expect(state.answered + state.open.length).toBe(50)
        expect(state.answered).toBe(new Set(list.map(({ at }) => at % 50)).size)
        expect(state.isComplete).toBe(state.open.length === 0)
      }),
    )
  })

  test('answers that the protocol version does not require count for nothing', () => {
    const answered = foldEvents(eventsOf(required.map((_, at) => ({ at, value: { kind: 'graded', grade: 0 } }))))
    expect(progress(requiredCells(shipped, 'xray', shipped.levels), answered)).toMatchObject({
      required: 30,
      answered: 30,
    })
  })
})

test('the form of an X-ray case has 50 cells: 30 not graded, 20 not applicable, none of them a zero', () => {
  const rows = formCells(shipped, { modality: 'xray', levels: shipped.levels, answers: new Map() })
  expect(rows.filter(({ value }) => value.kind === 'not_graded')).toHaveLength(30)
  expect(rows.filter(({ value }) => value.kind === 'not_applicable')).toHaveLength(20)
  expect(new Set(rows.map(({ cell }) => cellText(cell))).size).toBe(50)
})

describe('an entry', () => {
  const place = { modality: 'xray', levels: shipped.levels } as const
  const cell = { level: 'L4L5', side: 'left', feature: 'narrowing' } as const
  const entered = { cell, value: { kind: 'graded', grade: 3 }, how: 'entered' } as const

  test('on the scale of an asked cell may be appended', () => {
    expect(entryProblem(shipped, place, entered)).toBeNull()
  })

  test('beyond the scale, in a cell that is not asked, at a level that the patient does not have, is refused', () => {
    expect(entryProblem(shipped, place, { ...entered, value: { kind: 'graded', grade: 4 } })).toBe('GRADE_OFF_SCALE')
    expect(entryProblem(shipped, place, { ...entered, cell: { ...cell, feature: 'cyst' } })).toBe('CELL_NOT_ASKED')
    expect(entryProblem(shipped, place, { ...entered, cell: { ...cell, level: 'L5L6' } })).toBe('CELL_NOT_ASKED')
  })

  test('that was copied is refused unless the protocol allows copying', () => {
    expect(entryProblem(shipped, place, { ...entered, how: 'copied' })).toBe('COPY_NOT_ALLOWED')
    expect(entryProblem(otherProtocol(), { ...place, modality: 'ct' }, { ...entered, how: 'copied' })).toBeNull()
  })
})
