import type { ChainedGradeEvent } from '@facetgrade/grading/grade-event'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'

const Timestamp = z.date().transform((date) => date.toISOString())

/** A row that does not parse is corruption: throw, never repair. */
export const ReadingRow = z
  .object({
    readingId: z.uuid(),
    assignmentId: z.uuid(),
    memberId: z.uuid(),
    patientId: z.uuid(),
    modality: Modality,
    round: z.string(),
    protocolVersion: z.int(),
    numbering: LevelNumbering,
    answered: z.int(),
    required: z.int(),
    openedAt: Timestamp,
    firstImageAt: Timestamp.nullable(),
    firstGradeAt: Timestamp.nullable(),
    signedAt: Timestamp.nullable(),
    returnedAt: Timestamp.nullable(),
    headSequence: z.int(),
    headHash: z.string(),
  })
  .transform(({ headSequence, headHash, ...row }) => ({ ...row, head: { sequence: headSequence, hash: headHash } }))

/** The reading with its assignment's round and the numbering that it was opened under. */
export const READING = Prisma.sql`
  SELECT r.id AS "readingId", r."assignmentId", r."memberId", r."patientId", r.modality, a.round, r."protocolVersion",
    (SELECT n.document FROM "LevelNumbering" n WHERE n."patientId" = r."patientId" AND n.version = r."numberingVersion") AS numbering,
    r."answeredCells" AS answered, r."requiredCells" AS required, r."openedAt", r."firstImageAt", r."firstGradeAt",
    r."signedAt", a."returnedAt", r."headSequence", r."headHash"
  FROM "Reading" r JOIN "Assignment" a ON a.id = r."assignmentId"`

export const EventRow = z
  .object({
    id: z.string(),
    readingId: z.string(),
    sequence: z.int(),
    level: z.string(),
    side: z.string(),
    feature: z.string(),
    value: z.unknown(),
    origin: z.string(),
    reader: z.string(),
    protocolVersion: z.int(),
    clientOffsetMs: z.int(),
    receivedAt: Timestamp,
    previousHash: z.string(),
    hash: z.string(),
  })
  .transform(({ level, side, feature, origin, ...row }) => ({ ...row, cell: { level, side, feature }, how: origin }))

export const EVENT = Prisma.sql`
  SELECT e.id, e."readingId", e.sequence, e.level, e.side, e.feature, e.value, e.origin, m."readerCode" AS reader,
    e."protocolVersion", e."clientOffsetMs", e."receivedAt", e."previousHash", e.hash
  FROM "GradeEvent" e JOIN "Member" m ON m.id = e."memberId"`

/** What an event's row holds beside its reading's ids. */
export const eventColumns = (event: ChainedGradeEvent & { previous: unknown }) => ({
  id: event.id,
  sequence: event.sequence,
  level: event.cell.level,
  side: event.cell.side,
  feature: event.cell.feature,
  value: event.value,
  previous: event.previous,
  origin: event.how,
  protocolVersion: event.protocolVersion,
  clientOffsetMs: event.clientOffsetMs,
  receivedAt: event.receivedAt,
  previousHash: event.previousHash,
  hash: event.hash,
})
