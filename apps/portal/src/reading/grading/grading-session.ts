import { type CellAnswer, type CellKey, type CellText, cellText } from '@facetgrade/grading/cell'
import type { GradeEntry } from '@facetgrade/grading/grade-event'
import { nextUndo } from '@facetgrade/grading/grade-undo'

export type SentEntry = GradeEntry
export type KnownEvent = Pick<GradeEntry, 'id' | 'cell' | 'value' | 'how' | 'clientOffsetMs'> & { sequence: number }
export type Head = { sequence: number; hash: string }
export type Known = { events: readonly KnownEvent[]; head: Head }
/** `waiting`: its turn comes by itself. `not_saved`: something stands in the way (no network, a conflict, a refusal). */
export type SaveState = 'saved' | 'saving' | 'waiting' | 'not_saved'

/** What the server answered to a batch. */
export type SendResult =
  | { kind: 'acknowledged'; acknowledged: readonly { id: string; sequence: number }[]; head: Head }
  /** No answer: the network, or a server that restarts. The same ids are sent again. */
  | { kind: 'unreachable' }
  /** Events of another tab or machine came in between; `known` is what stands now. */
  | { kind: 'moved'; known: Known }
  /** Refused for good: signed, returned, off the scale. */
  | { kind: 'refused'; error: unknown }

/** Entries that the server has not acknowledged, kept where a killed tab cannot lose them. In order of entry. */
export type EntryQueue = {
  all(): Promise<readonly SentEntry[]>
  put(entry: SentEntry): Promise<void>
  remove(ids: readonly string[]): Promise<void>
}

export type Conflict = { cells: readonly { cell: CellKey; mine: GradeEntry['value']; theirs: GradeEntry['value'] }[] }

export type SessionState = {
  answers: ReadonlyMap<CellText, CellAnswer>
  /** Of every cell with an event or an entry. */
  saves: ReadonlyMap<CellText, SaveState>
  pending: number
  isOnline: boolean
  /** The same cells were graded elsewhere meanwhile: nothing is sent until the reader has chosen. */
  conflict: Conflict | null
  refused: unknown
  /** The head to sign: null while anything is unsent. */
  head: Head | null
}

export type GradingSession = {
  subscribe(listener: () => void): () => void
  state(): SessionState
  /** Resolves when the entry is in the local queue; sending goes on by itself. */
  enter(cell: CellKey, value: GradeEntry['value'], how?: GradeEntry['how']): Promise<void>
  /** The cell that was taken back; undefined when there is nothing to undo. */
  undo(): Promise<CellKey | undefined>
  resolve(choice: 'mine' | 'theirs'): Promise<void>
  retry(): void
  close(): void
}

export type SessionParts = {
  known: Known
  queue: EntryQueue
  send(knownSequence: number, entries: readonly SentEntry[]): Promise<SendResult>
  newId(): string
  /** Monotonic milliseconds since the case was opened. */
  offsetMs(): number
  wait(ms: number): Promise<void>
}

const BATCH = 50
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000]

/**
 * One open case: what the server has acknowledged, and what it has not. An entry goes to the local queue first, then to
 * the server under its own id until that acknowledges it; only then is it called saved. Never blocks the next grade.
 */
export async function openGradingSession(parts: SessionParts): Promise<GradingSession> {
  let events: KnownEvent[] = [...parts.known.events]
  let head = parts.known.head
  const acknowledged = new Set(events.map(({ id }) => id))
  const left = await parts.queue.all()
  await parts.queue.remove(left.flatMap(({ id }) => (acknowledged.has(id) ? [id] : [])))
  let pending = left.filter(({ id }) => !acknowledged.has(id))
  let inFlight: ReadonlySet<string> = new Set()
  let isOnline = true
  let conflict: Conflict | null = null
  let refused: unknown = null
  let isSending = false
  let isClosed = false
  let wake: (() => void) | undefined
  const listeners = new Set<() => void>()
  let snapshot: SessionState | undefined

  const changed = () => {
    snapshot = undefined
    for (const listener of listeners) listener()
  }

  const build = (): SessionState => {
    const answers = new Map<CellText, CellAnswer>()
    const saves = new Map<CellText, SaveState>()
    const put = (cell: CellKey, value: GradeEntry['value'], save: SaveState) => {
      const key = cellText(cell)
      if (value.kind === 'not_graded') answers.delete(key)
      else answers.set(key, value)
      saves.set(key, save)
    }
    for (const { cell, value } of events) put(cell, value, 'saved')
    const isHeldUp = !isOnline || conflict !== null || refused !== null
    for (const { id, cell, value } of pending)
      put(cell, value, isHeldUp ? 'not_saved' : inFlight.has(id) ? 'saving' : 'waiting')
    const isSettled = pending.length === 0 && conflict === null
    return { answers, saves, pending: pending.length, isOnline, conflict, refused, head: isSettled ? head : null }
  }

  const settle = async (result: Extract<SendResult, { kind: 'acknowledged' }>) => {
    const sequences = new Map(result.acknowledged.map(({ id, sequence }) => [id, sequence]))
    const done = pending.flatMap((entry) => {
      const sequence = sequences.get(entry.id)
      return sequence === undefined ? [] : [{ ...entry, sequence }]
    })
    events = [...events, ...done].toSorted((a, b) => a.sequence - b.sequence)
    pending = pending.filter(({ id }) => !sequences.has(id))
    head = result.head
    isOnline = true
    await parts.queue.remove(done.map(({ id }) => id))
  }

  /** True when sending may go on by itself: no cell was graded both here and there. */
  const rebase = async (known: Known): Promise<boolean> => {
    const mine = new Set(events.map(({ id }) => id))
    const theirs = known.events.filter(({ id }) => !mine.has(id) && !pending.some((entry) => entry.id === id))
    const stored = new Set(known.events.map(({ id }) => id))
    await parts.queue.remove(pending.flatMap(({ id }) => (stored.has(id) ? [id] : [])))
    pending = pending.filter(({ id }) => !stored.has(id))
    events = [...known.events]
    head = known.head
    const foreign = new Map(theirs.map(({ cell, value }) => [cellText(cell), value]))
    const latest = new Map(pending.map((entry) => [cellText(entry.cell), entry]))
    const cells = Array.from(latest.values()).flatMap(({ cell, value }) => {
      const other = foreign.get(cellText(cell))
      return other === undefined || JSON.stringify(other) === JSON.stringify(value)
        ? []
        : [{ cell, mine: value, theirs: other }]
    })
    conflict = cells.length === 0 ? null : { cells }
    return conflict === null
  }

  const pause = async (ms: number) => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    await Promise.race([parts.wait(ms), woken])
    wake = undefined
  }

  const sendAll = async () => {
    if (isSending) return
    isSending = true
    let failures = 0
    try {
      while (pending.length > 0 && conflict === null && refused === null && !isClosed) {
        const batch = pending.slice(0, BATCH)
        inFlight = new Set(batch.map(({ id }) => id))
        changed()
        const result = await parts.send(head.sequence, batch)
        inFlight = new Set()
        if (result.kind === 'acknowledged') {
          failures = 0
          await settle(result)
        } else if (result.kind === 'moved') {
          await rebase(result.known)
        } else if (result.kind === 'refused') {
          refused = result.error
        } else {
          isOnline = false
          changed()
          await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 15_000)
          failures += 1
        }
        changed()
      }
    } finally {
      isSending = false
    }
  }

  const enter: GradingSession['enter'] = async (cell, value, how = 'entered') => {
    if (refused !== null || isClosed) return
    const clientOffsetMs = Math.min(Math.max(0, Math.round(parts.offsetMs())), 2_147_483_647)
    const entry: SentEntry = { id: parts.newId(), cell, value, how, clientOffsetMs }
    pending = [...pending, entry]
    changed()
    await parts.queue.put(entry)
    void sendAll()
  }

  if (pending.length > 0) void sendAll()
  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state: () => {
      snapshot ??= build()
      return snapshot
    },
    enter,
    async undo() {
      const step = nextUndo(sinceEmpty([...events, ...pending]))
      if (!step) return undefined
      await enter(step.cell, step.value, 'undone')
      return step.cell
    },
    async resolve(choice) {
      if (!conflict) return
      if (choice === 'theirs') {
        const given = new Set(conflict.cells.map(({ cell }) => cellText(cell)))
        const dropped = pending.filter(({ cell }) => given.has(cellText(cell)))
        pending = pending.filter((entry) => !dropped.includes(entry))
        await parts.queue.remove(dropped.map(({ id }) => id))
      }
      conflict = null
      changed()
      void sendAll()
    },
    retry() {
      wake?.()
      void sendAll()
    },
    close() {
      isClosed = true
      wake?.()
    },
  }
}

/** Undo goes no further back than the last moment at which the sheet was empty: a returned case began anew there. */
function sinceEmpty(events: readonly Pick<KnownEvent, 'cell' | 'value' | 'how'>[]) {
  const answered = new Set<CellText>()
  let start = 0
  for (const [index, { cell, value }] of events.entries()) {
    if (value.kind === 'not_graded') answered.delete(cellText(cell))
    else answered.add(cellText(cell))
    if (answered.size === 0) start = index + 1
  }
  return events.slice(start)
}
