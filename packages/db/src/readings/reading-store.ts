import { CellKey } from '@facetgrade/grading/cell'
import { ChainedGradeEvent, GradeEntry } from '@facetgrade/grading/grade-event'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'
import { EVENT, EventRow, eventColumns, READING, ReadingRow } from './reading-row.ts'

type Reading = z.infer<typeof ReadingRow>
type NewEvent = Parameters<typeof eventColumns>[0]
type CheckpointHead = readonly [readingId: string, sequence: number, hash: string]

const Standing = z
  .object({
    sequence: z.int(),
    level: z.string(),
    side: z.string(),
    feature: z.string(),
    value: GradeEntry.shape.value,
  })
  .transform(({ sequence, value, ...cell }) => ({ sequence, value, cell: CellKey.parse(cell) }))

const isoOf = (date: Date | null): string | null => date?.toISOString() ?? null

export function readingStore(wall: Wall) {
  const one = async (where: Prisma.Sql): Promise<Reading | undefined> => {
    const [row] = await wall.$queryRaw<unknown[]>`${READING} ${where}`
    return row === undefined ? undefined : ReadingRow.parse(row)
  }
  const eventRows = async (where: Prisma.Sql) =>
    z.array(EventRow).parse(await wall.$queryRaw<unknown[]>`${EVENT} ${where} ORDER BY e."readingId", e.sequence`)
  const chainsOf = async (readings: { readingId: string; readerCode: string; sequence: number; hash: string }[]) => {
    const ids = readings.map(({ readingId }) => readingId)
    const events = Map.groupBy(
      await eventRows(Prisma.sql`WHERE e."readingId" = ANY (${ids}::uuid[])`),
      (e) => e.readingId,
    )
    const signatures = await wall.$queryRaw<{ readingId: string; headHash: string }[]>`
      SELECT s."readingId", s."headHash" FROM "Signature" s WHERE s."readingId" = ANY (${ids}::uuid[])
        AND NOT EXISTS (SELECT 1 FROM "Unlock" u WHERE u."signatureId" = s.id)`
    return readings.map(({ readingId, readerCode, sequence, hash }) => ({
      readingId,
      readerCode,
      head: { sequence, hash },
      events: events.get(readingId) ?? [],
      signedHeads: signatures.filter((signature) => signature.readingId === readingId).map(({ headHash }) => headHash),
    }))
  }

  return {
    ofAssignment: (assignmentId: string) => one(Prisma.sql`WHERE r."assignmentId" = ${assignmentId}::uuid`),
    lockOfAssignment: (assignmentId: string) =>
      one(Prisma.sql`WHERE r."assignmentId" = ${assignmentId}::uuid FOR UPDATE OF r`),
    lock: (readingId: string) => one(Prisma.sql`WHERE r.id = ${readingId}::uuid FOR UPDATE OF r`),

    async open(reading: {
      studyId: string
      assignmentId: string
      memberId: string
      patientId: string
      modality: Modality
      protocolVersion: number
      numberingVersion: number
      required: number
    }) {
      await wall.$executeRaw`
        INSERT INTO "Reading" (id, "studyId", "assignmentId", "memberId", "patientId", modality, "protocolVersion",
          "numberingVersion", "requiredCells", "openedAt")
        VALUES (gen_random_uuid(), ${reading.studyId}::uuid, ${reading.assignmentId}::uuid, ${reading.memberId}::uuid,
          ${reading.patientId}::uuid, ${reading.modality}, ${reading.protocolVersion}, ${reading.numberingVersion},
          ${reading.required}, now())
        ON CONFLICT ("assignmentId") DO NOTHING`
    },

    async noteFirstImage(readingId: string) {
      await wall.$executeRaw`
        UPDATE "Reading" SET "firstImageAt" = now() WHERE id = ${readingId}::uuid AND "firstImageAt" IS NULL`
    },

    async daysSinceSigned(memberId: string, patientId: string) {
      const [row] = await wall.$queryRaw<{ days: number | null }[]>`
        SELECT floor(extract(epoch FROM now() - max("signedAt")) / 86400)::int AS days
        FROM "Reading" WHERE "memberId" = ${memberId}::uuid AND "patientId" = ${patientId}::uuid`
      return row?.days ?? null
    },

    async events(readingId: string) {
      return z.array(ChainedGradeEvent).parse(await eventRows(Prisma.sql`WHERE e."readingId" = ${readingId}::uuid`))
    },

    async latestByCell(readingId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT DISTINCT ON (level, side, feature) sequence, level, side, feature, value
        FROM "GradeEvent" WHERE "readingId" = ${readingId}::uuid ORDER BY level, side, feature, sequence DESC`
      return z.array(Standing).parse(rows)
    },

    async beforeAppend(readingId: string, entryIds: readonly string[]) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT date_trunc('milliseconds', clock_timestamp()) AS now,
          coalesce((SELECT json_agg(s) FROM (SELECT DISTINCT ON (level, side, feature) sequence, level, side, feature, value
            FROM "GradeEvent" WHERE "readingId" = ${readingId}::uuid
            ORDER BY level, side, feature, sequence DESC) s), '[]'::json) AS standing,
          coalesce((SELECT json_agg(e) FROM (${EVENT} WHERE e.id = ANY (${entryIds}::uuid[])) e), '[]'::json) AS stored`
      const { now, standing, stored } = BeforeAppend.parse(row)
      const events = z
        .array(EventRow)
        .parse(stored.map((event) => ({ ...event, receivedAt: new Date(event.receivedAt) })))
      return { now: now.toISOString(), standing, stored: z.array(ChainedGradeEvent).parse(events) }
    },

    async idsAfter(readingId: string, sequence: number) {
      const rows = await wall.gradeEvent.findMany({
        where: { readingId, sequence: { gt: sequence } },
        select: { id: true },
      })
      return rows.map(({ id }) => id)
    },

    /** Events and head in one statement: an id that was taken leaves the head where it was, and the caller rolls back. */
    async append(
      reading: Reading,
      studyId: string,
      {
        events,
        head,
        answered,
      }: { events: readonly NewEvent[]; head: { sequence: number; hash: string }; answered: number },
    ) {
      const rows = JSON.stringify(events.map(eventColumns))
      const count = await wall.$executeRaw`
        WITH appended AS (
          INSERT INTO "GradeEvent" (id, "studyId", "readingId", "memberId", "patientId", sequence, level, side, feature,
            value, previous, origin, "protocolVersion", "clientOffsetMs", "receivedAt", "previousHash", hash)
          SELECT id, ${studyId}::uuid, ${reading.readingId}::uuid, ${reading.memberId}::uuid, ${reading.patientId}::uuid,
            sequence, level, side, feature, value, previous, origin, "protocolVersion", "clientOffsetMs", "receivedAt",
            "previousHash", hash
          FROM jsonb_to_recordset(${rows}::jsonb) AS event(id uuid, sequence int, level text, side text, feature text,
            value jsonb, previous jsonb, origin text, "protocolVersion" int, "clientOffsetMs" int,
            "receivedAt" timestamptz, "previousHash" text, hash text)
          ON CONFLICT (id) DO NOTHING RETURNING 1)
        UPDATE "Reading" SET "headSequence" = ${head.sequence}, "headHash" = ${head.hash}, "answeredCells" = ${answered},
          "firstGradeAt" = coalesce("firstGradeAt", clock_timestamp())
        WHERE id = ${reading.readingId}::uuid AND (SELECT count(*) FROM appended) = ${events.length}`
      return count === 1
    },

    async sign(
      studyId: string,
      signature: { readingId: string; memberId: string; method: string; statement: string; headHash: string },
    ) {
      const { readingId, memberId, method, statement, headHash } = signature
      const [row] = await wall.$queryRaw<{ signedAt: Date; ordinal: number }[]>`
        INSERT INTO "Signature" (id, "studyId", "readingId", "memberId", ordinal, method, statement, "headHash", "signedAt")
        VALUES (gen_random_uuid(), ${studyId}::uuid, ${readingId}::uuid, ${memberId}::uuid,
          (SELECT coalesce(max(s.ordinal), 0) + 1 FROM "Signature" s WHERE s."readingId" = ${readingId}::uuid),
          ${method}, ${statement}, ${headHash}, date_trunc('milliseconds', clock_timestamp()))
        RETURNING "signedAt", ordinal`
      if (!row) throw new RangeError('sign: no row')
      await wall.reading.update({ where: { id: readingId }, data: { signedAt: row.signedAt } })
      return { signedAt: row.signedAt.toISOString(), ordinal: row.ordinal }
    },

    async standingSignature(readingId: string) {
      const [row] = await wall.$queryRaw<{ signatureId: string; signedAt: Date; headHash: string }[]>`
        SELECT s.id AS "signatureId", s."signedAt", s."headHash" FROM "Signature" s
        WHERE s."readingId" = ${readingId}::uuid AND NOT EXISTS (SELECT 1 FROM "Unlock" u WHERE u."signatureId" = s.id)
        ORDER BY s.ordinal DESC LIMIT 1`
      return row ? { ...row, signedAt: row.signedAt.toISOString() } : undefined
    },

    async unlock(unlock: {
      studyId: string
      readingId: string
      signatureId: string
      reason: string
      unlockedBy: string
    }) {
      await wall.$executeRaw`
        INSERT INTO "Unlock" (id, "studyId", "readingId", "signatureId", reason, "unlockedBy", "unlockedAt")
        VALUES (gen_random_uuid(), ${unlock.studyId}::uuid, ${unlock.readingId}::uuid, ${unlock.signatureId}::uuid,
          ${unlock.reason}, ${unlock.unlockedBy}, now())`
      await wall.reading.update({ where: { id: unlock.readingId }, data: { signedAt: null } })
    },

    async renumber(readingId: string, next: { numberingVersion: number; required: number }) {
      const { numberingVersion, required } = next
      await wall.reading.update({ where: { id: readingId }, data: { numberingVersion, requiredCells: required } })
    },

    async list(studyId: string, page: { after: string | undefined; take: number; signed: boolean | undefined }) {
      const after = page.after === undefined ? Prisma.empty : Prisma.sql`AND r.id > ${page.after}::uuid`
      const signed =
        page.signed === undefined ? Prisma.empty : Prisma.sql`AND (r."signedAt" IS NOT NULL) = ${page.signed}`
      const rows = await wall.$queryRaw<{ modality: string; openedAt: Date; signedAt: Date | null }[]>`
        SELECT r.id AS "readingId", m."readerCode", p."patientCode", r.modality, r."answeredCells" AS answered,
          r."requiredCells" AS required, r."openedAt", r."signedAt"
        FROM "Reading" r JOIN "Member" m ON m.id = r."memberId" JOIN "Patient" p ON p.id = r."patientId"
        WHERE r."studyId" = ${studyId}::uuid ${after} ${signed} ORDER BY r.id LIMIT ${page.take}`
      return rows.map((row) => Summary.parse({ ...row, openedAt: isoOf(row.openedAt), signedAt: isoOf(row.signedAt) }))
    },

    async chains(studyId: string, page: { after: string | undefined; take: number }) {
      const after = page.after === undefined ? Prisma.empty : Prisma.sql`AND r.id > ${page.after}::uuid`
      const readings = await wall.$queryRaw<
        { readingId: string; readerCode: string; sequence: number; hash: string }[]
      >`SELECT r.id AS "readingId", m."readerCode", r."headSequence" AS sequence, r."headHash" AS hash
        FROM "Reading" r JOIN "Member" m ON m.id = r."memberId"
        WHERE r."studyId" = ${studyId}::uuid ${after} ORDER BY r.id LIMIT ${page.take}`
      return chainsOf(readings)
    },

    async chainOf(readingId: string) {
      const readings = await wall.$queryRaw<
        { readingId: string; readerCode: string; sequence: number; hash: string }[]
      >`SELECT r.id AS "readingId", m."readerCode", r."headSequence" AS sequence, r."headHash" AS hash
        FROM "Reading" r JOIN "Member" m ON m.id = r."memberId" WHERE r.id = ${readingId}::uuid`
      return (await chainsOf(readings))[0]
    },

    async checkpoints(studyId: string) {
      const rows = await wall.studyCheckpoint.findMany({ where: { studyId }, orderBy: { createdAt: 'asc' } })
      return rows.map(({ heads, hash, previousHash, createdAt }) => ({
        heads: CheckpointHeads.parse(heads),
        hash,
        previousHash,
        createdAt: createdAt.toISOString(),
      }))
    },

    async lockCheckpoints(studyId: string) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('checkpoint ' || ${studyId}, 0))`
    },

    async heads(studyId: string) {
      const rows = await wall.reading.findMany({
        where: { studyId, headSequence: { gt: 0 } },
        orderBy: { id: 'asc' },
        select: { id: true, headSequence: true, headHash: true },
      })
      return rows.map((row): CheckpointHead => [row.id, row.headSequence, row.headHash])
    },

    async putCheckpoint(
      studyId: string,
      checkpoint: { heads: readonly CheckpointHead[]; hash: string; previousHash: string },
    ) {
      const { heads, hash, previousHash } = checkpoint
      await wall.$executeRaw`
        INSERT INTO "StudyCheckpoint" (id, "studyId", "readingCount", heads, hash, "previousHash", "createdAt")
        VALUES (uuidv7(), ${studyId}::uuid, ${heads.length}, ${JSON.stringify(heads)}::jsonb, ${hash}, ${previousHash},
          clock_timestamp())`
    },
  }
}

const BeforeAppend = z.object({
  now: z.date(),
  standing: z.array(Standing),
  stored: z.array(z.looseObject({ receivedAt: z.string() })),
})
const CheckpointHeads = z.array(z.tuple([z.string(), z.int(), z.string()]))
const Summary = z.object({
  readingId: z.uuid(),
  readerCode: z.string(),
  patientCode: z.string(),
  modality: Modality,
  answered: z.int(),
  required: z.int(),
  openedAt: z.string(),
  signedAt: z.string().nullable(),
})
