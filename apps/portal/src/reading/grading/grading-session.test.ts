import type { CellKey } from '@facetgrade/grading/cell'
import { expect, test } from 'vitest'
import {
  type EntryQueue,
  openGradingSession,
  type SendResult,
  type SentEntry,
  type SessionParts,
} from './grading-session.ts'

const cell = (feature: CellKey['feature']): CellKey => ({ level: 'L4L5', side: 'left', feature })
const graded = (grade: number) => ({ kind: 'graded', grade }) as const

/** The server's rules in small: appends once per id, refuses a batch that does not know what stands. */
function aServer() {
  const stored: (SentEntry & { sequence: number })[] = []
  const head = () => ({ sequence: stored.length, hash: `hash-${stored.length}` })
  return {
    stored,
    known: () => ({ events: [...stored], head: head() }),
    append(knownSequence: number, entries: readonly SentEntry[]): SendResult {
      const sent = new Set(entries.map(({ id }) => id))
      if (stored.some(({ id, sequence }) => sequence > knownSequence && !sent.has(id))) {
        return { kind: 'moved', known: this.known() }
      }
      for (const entry of entries) {
        if (!stored.some(({ id }) => id === entry.id)) stored.push({ ...entry, sequence: stored.length + 1 })
      }
      return { kind: 'acknowledged', acknowledged: stored.filter(({ id }) => sent.has(id)), head: head() }
    },
  }
}

function memoryQueue(): EntryQueue & { entries: SentEntry[] } {
  const entries: SentEntry[] = []
  return {
    entries,
    all: async () => [...entries],
    put: async (entry) => void entries.push(entry),
    remove: async (ids) => {
      for (const id of ids) {
        const at = entries.findIndex((entry) => entry.id === id)
        if (at !== -1) entries.splice(at, 1)
      }
    },
  }
}

let ids = 0
const partsOn = (server: ReturnType<typeof aServer>, changes: Partial<SessionParts> = {}): SessionParts => ({
  known: server.known(),
  queue: memoryQueue(),
  send: async (known, entries) => server.append(known, entries),
  newId: () => `id-${(ids += 1)}`,
  offsetMs: () => 10,
  wait: async () => undefined,
  ...changes,
})
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

test('a grade is saved only when the server has acknowledged it, and then leaves the queue', async () => {
  const server = aServer()
  const queue = memoryQueue()
  let answer: ((result: SendResult) => void) | undefined
  const send = (known: number, entries: readonly SentEntry[]) =>
    new Promise<SendResult>((resolve) => {
      answer = () => resolve(server.append(known, entries))
    })
  const session = await openGradingSession(partsOn(server, { queue, send }))
  await session.enter(cell('cyst'), graded(2))
  expect(session.state().saves.get('L4L5-left/cyst')).toBe('saving')
  expect(session.state().head).toBeNull()
  expect(queue.entries).toHaveLength(1)
  answer?.({ kind: 'unreachable' })
  await settled()
  expect(session.state().saves.get('L4L5-left/cyst')).toBe('saved')
  expect(queue.entries).toEqual([])
  expect(session.state().head).toEqual({ sequence: 1, hash: 'hash-1' })
})

test('a grade typed while others are on their way waits for its turn and is not called unsaved', async () => {
  const server = aServer()
  const answers: (() => void)[] = []
  const send = (known: number, entries: readonly SentEntry[]) =>
    new Promise<SendResult>((resolve) => {
      answers.push(() => resolve(server.append(known, entries)))
    })
  const session = await openGradingSession(partsOn(server, { send }))
  await session.enter(cell('cyst'), graded(2))
  await session.enter(cell('erosion'), graded(1))
  expect(session.state().saves.get('L4L5-left/erosion')).toBe('waiting')
  answers[0]?.()
  await settled()
  expect(session.state().saves.get('L4L5-left/cyst')).toBe('saved')
  expect(session.state().saves.get('L4L5-left/erosion')).toBe('saving')
})

test('without a network grading goes on, says not saved, and everything is sent once when the network is back', async () => {
  const server = aServer()
  let isUp = false
  const send = async (known: number, entries: readonly SentEntry[]) =>
    isUp ? server.append(known, entries) : ({ kind: 'unreachable' } as const)
  const session = await openGradingSession(
    partsOn(server, { send, wait: () => new Promise((resolve) => setTimeout(resolve, 1)) }),
  )
  await session.enter(cell('cyst'), graded(2))
  await session.enter(cell('erosion'), graded(1))
  await settled()
  expect(session.state()).toMatchObject({ isOnline: false, pending: 2 })
  expect(session.state().saves.get('L4L5-left/erosion')).toBe('not_saved')
  isUp = true
  session.retry()
  await settled()
  await settled()
  expect(session.state()).toMatchObject({ isOnline: true, pending: 0 })
  expect(server.stored.map(({ sequence }) => sequence)).toEqual([1, 2])
})

test('an acknowledgement that was lost on the way doubles nothing, and a reloaded tab goes on with the same ids', async () => {
  const server = aServer()
  const queue = memoryQueue()
  const lost = async (known: number, entries: readonly SentEntry[]): Promise<SendResult> => {
    server.append(known, entries)
    return { kind: 'unreachable' }
  }
  const known = server.known()
  const killed = await openGradingSession(
    partsOn(server, { known, queue, send: lost, wait: () => new Promise(() => undefined) }),
  )
  await killed.enter(cell('cyst'), graded(3))
  await settled()
  killed.close()
  expect(queue.entries).toHaveLength(1)
  const reloaded = await openGradingSession(partsOn(server, { queue, known }))
  await settled()
  expect(server.stored).toHaveLength(1)
  expect(reloaded.state()).toMatchObject({ pending: 0 })
  expect(queue.entries).toEqual([])
})

test('the same cell graded in another tab is a conflict that waits for the reader; other cells go on by themselves', async () => {
  const server = aServer()
  const mine = await openGradingSession(partsOn(server))
  server.append(0, [{ id: 'other-1', cell: cell('erosion'), value: graded(1), how: 'entered', clientOffsetMs: 1 }])
  await mine.enter(cell('cyst'), graded(0))
  await settled()
  expect(mine.state()).toMatchObject({ conflict: null, pending: 0 })
  expect(mine.state().answers.get('L4L5-left/erosion')).toEqual(graded(1))
  server.append(2, [{ id: 'other-2', cell: cell('cyst'), value: graded(3), how: 'entered', clientOffsetMs: 1 }])
  await mine.enter(cell('cyst'), graded(1))
  await settled()
  expect(mine.state().conflict?.cells).toEqual([{ cell: cell('cyst'), mine: graded(1), theirs: graded(3) }])
  expect(server.stored).toHaveLength(3)
  await mine.resolve('theirs')
  await settled()
  expect(mine.state()).toMatchObject({ conflict: null, pending: 0 })
  expect(mine.state().answers.get('L4L5-left/cyst')).toEqual(graded(3))
})

test('undo is a new event, step by step, and stops where the sheet was last empty', async () => {
  const server = aServer()
  const session = await openGradingSession(partsOn(server))
  await session.enter(cell('cyst'), graded(1))
  await session.enter(cell('cyst'), graded(2))
  expect(await session.undo()).toEqual(cell('cyst'))
  expect(session.state().answers.get('L4L5-left/cyst')).toEqual(graded(1))
  await session.undo()
  expect(session.state().answers.has('L4L5-left/cyst')).toBe(false)
  expect(await session.undo()).toBeUndefined()
  await settled()
  expect(server.stored.map(({ how }) => how)).toEqual(['entered', 'entered', 'undone', 'undone'])
})

test('a refusal for good stops sending and keeps what was entered in sight', async () => {
  const server = aServer()
  const error = new Error('READING_SIGNED')
  const session = await openGradingSession(partsOn(server, { send: async () => ({ kind: 'refused', error }) }))
  await session.enter(cell('cyst'), graded(1))
  await settled()
  expect(session.state()).toMatchObject({ refused: error, pending: 1, head: null })
  expect(session.state().saves.get('L4L5-left/cyst')).toBe('not_saved')
})
