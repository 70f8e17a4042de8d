import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { type CellText, type CellValue, cellText } from '@facetgrade/grading/cell'
import { CHAIN_START, chained } from '@facetgrade/grading/grade-chain'
import { entryProblem } from '@facetgrade/grading/grade-entry-check'
import { type ChainedGradeEvent, GradeEntry } from '@facetgrade/grading/grade-event'
import { progress } from '@facetgrade/grading/progress'
import { foldEvents } from '@facetgrade/grading/reading-cells'
import { requiredCells } from '@facetgrade/grading/required-cells'
import { z } from 'zod'
import type { StudyActor } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { readingForm } from './reading-form.ts'
import type { BeforeAppend, ChainHead, NewGradeEvent, ReadingRow } from './reading-store.ts'

/** The client's offset is whole milliseconds here, as it is stored. */
export const SentEntry = z.strictObject({ ...GradeEntry.shape, clientOffsetMs: z.int().min(0).max(2_147_483_647) })
export type SentEntry = z.infer<typeof SentEntry>

export const AppendInput = {
  assignmentId: z.uuid(),
  /** Sequence of the last event that the client knows of; 0 for an empty sheet. */
  knownSequence: z.int().nonnegative(),
  events: z.array(SentEntry).min(1).max(200),
}

export type Acknowledgement = {
  acknowledged: { id: string; sequence: number; hash: string; receivedAt: string }[]
  head: ChainHead
  answered: number
  required: number
}

/**
 * Appends grade events to the actor's own reading. An id that was stored before is acknowledged as it was then; with
 * other content under it, it is refused. Events of which this client does not know (another tab, another machine) make
 * the whole batch refused: nothing is overwritten unseen. One reading's appends follow one another; no other reader waits.
 */
export async function appendGrades(
  ctx: { stores: Stores; actor: StudyActor },
  input: { assignmentId: string; knownSequence: number; events: readonly SentEntry[] },
): Promise<Acknowledgement> {
  const { readings } = ctx.stores
  const reading = await readings.lockOfAssignment(input.assignmentId)
  if (!reading) throw new StudyError('NOT_FOUND')
  if (new Set(input.events.map(({ id }) => id)).size !== input.events.length) throw new StudyError('EVENT_ID_REUSED')
  const before = await readings.beforeAppend(
    reading.readingId,
    input.events.map(({ id }) => id),
  )
  const stored = new Map(before.stored.map((event) => [event.id, event]))
  for (const entry of input.events) {
    const event = stored.get(entry.id)
    if (event && !isSameEntry(reading, event, entry)) throw new StudyError('EVENT_ID_REUSED')
  }
  const fresh = input.events.filter(({ id }) => !stored.has(id))
  if (fresh.length === 0) {
    return acknowledge(input.events, stored, reading)
  }
  if (reading.signedAt !== null) throw new StudyError('READING_SIGNED')
  if (reading.returnedAt !== null) throw new StudyError('CASE_RETURNED')
  await refuseUnseen(ctx.stores, reading, input)
  const appended = await append(ctx, { reading, before }, fresh)
  for (const event of appended.events) stored.set(event.id, event)
  return acknowledge(input.events, stored, { ...reading, ...appended })
}

function isSameEntry(reading: ReadingRow, event: ChainedGradeEvent, entry: SentEntry): boolean {
  const { id, cell, value, how, clientOffsetMs } = event
  const known = canonicalJson({ id, cell, value, how, clientOffsetMs })
  return event.readingId === reading.readingId && known === canonicalJson(SentEntry.parse(entry))
}

async function refuseUnseen(
  { readings }: Pick<Stores, 'readings'>,
  reading: ReadingRow,
  input: { knownSequence: number; events: readonly SentEntry[] },
): Promise<void> {
  if (reading.head.sequence <= input.knownSequence) return
  const sent = new Set(input.events.map(({ id }) => id))
  const later = await readings.idsAfter(reading.readingId, input.knownSequence)
  if (later.some((id) => !sent.has(id))) {
    throw new StudyError('READING_MOVED', { headSequence: reading.head.sequence })
  }
}

async function append(
  ctx: { stores: Stores; actor: StudyActor },
  { reading, before }: { reading: ReadingRow; before: BeforeAppend },
  entries: readonly SentEntry[],
): Promise<{ events: ChainedGradeEvent[]; head: ChainHead; answered: number }> {
  const { readings } = ctx.stores
  const { studyId, readerCode } = ctx.actor
  if (readerCode === null) throw new RangeError('appendGrades: a reader without a code')
  const { protocol, levels } = await readingForm(ctx.stores, studyId, reading)
  for (const entry of entries) {
    const problem = entryProblem(protocol, { modality: reading.modality, levels }, entry)
    if (problem) throw new StudyError(problem, { cell: cellText(entry.cell) })
  }
  const { standing, now: receivedAt } = before
  const values = new Map<CellText, CellValue>(standing.map(({ cell, value }) => [cellText(cell), value]))
  let head = reading.head.sequence === 0 ? { sequence: 0, hash: CHAIN_START } : reading.head
  const events = entries.map((entry): NewGradeEvent => {
    const sequence = head.sequence + 1
    const event = chained(
      sha256,
      {
        ...entry,
        readingId: reading.readingId,
        sequence,
        reader: readerCode,
        protocolVersion: reading.protocolVersion,
        receivedAt,
      },
      head.hash,
    )
    const previous = values.get(cellText(entry.cell)) ?? null
    values.set(cellText(entry.cell), entry.value)
    head = { sequence, hash: event.hash }
    return { ...event, previous }
  })
  const answers = foldEvents([...standing, ...events])
  const { answered } = progress(requiredCells(protocol, reading.modality, levels), answers)
  if (!(await readings.append(reading, studyId, { events, head, answered }))) throw new StudyError('EVENT_ID_REUSED')
  return { events, head, answered }
}

function acknowledge(
  sent: readonly SentEntry[],
  stored: ReadonlyMap<string, ChainedGradeEvent>,
  { head, answered, required }: Pick<ReadingRow, 'head' | 'answered' | 'required'>,
): Acknowledgement {
  const acknowledged = sent.flatMap(({ id }) => {
    const event = stored.get(id)
    return event ? [{ id, sequence: event.sequence, hash: event.hash, receivedAt: event.receivedAt }] : []
  })
  return { acknowledged, head, answered, required }
}

/** Empties every answered cell by events of the reader's own: a returned case begins anew under its next numbering. */
export async function emptyCells(ctx: { stores: Stores; actor: StudyActor }, reading: ReadingRow): Promise<number> {
  const before = await ctx.stores.readings.beforeAppend(reading.readingId, [])
  const answered = before.standing.filter(({ value }) => value.kind !== 'not_graded')
  if (answered.length === 0) return 0
  await append(
    ctx,
    { reading, before },
    answered.map(({ cell }) => ({
      id: crypto.randomUUID(),
      cell,
      value: { kind: 'not_graded' },
      how: 'undone',
      clientOffsetMs: 0,
    })),
  )
  return answered.length
}
