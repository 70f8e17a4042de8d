import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { Part } from '@facetgrade/grading/part'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const AT_ONCE = 1000

const RosterRow = z.object({
  patientId: z.uuid(),
  patientCode: z.string(),
  part: Part,
  hasNumbering: z.boolean(),
  exams: z.array(
    z.object({
      examId: z.uuid(),
      modality: Modality,
      shiftedDate: z.string().nullable(),
      isComplete: z.boolean(),
    }),
  ),
})

const OwnRow = z.object({
  assignmentId: z.uuid(),
  position: z.int(),
  modality: Modality,
  state: z.enum(['new', 'draft', 'signed', 'returned']),
  answered: z.int(),
  required: z.int().nullable(),
  numbering: LevelNumbering,
})

const ProgressRow = z.object({
  readerCode: z.string(),
  readerGroup: z.string(),
  isActive: z.boolean(),
  assigned: z.int(),
  signed: z.int(),
  drafts: z.int(),
  returned: z.int(),
  answeredCells: z.int(),
  requiredCells: z.int(),
})

type NewAssignment = { memberId: string; patientId: string; modality: Modality; examId: string; position: number }

export function assignmentStore(wall: Wall) {
  return {
    async lockCreation(studyId: string) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('assignments ' || ${studyId}, 0))`
    },

    /** One statement for the whole roster: who, numbered or not, and each exam with whether anything of it may be graded. */
    async roster(studyId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT p.id AS "patientId", p."patientCode", a.part,
          EXISTS (SELECT 1 FROM "LevelNumbering" n WHERE n."patientId" = p.id) AS "hasNumbering",
          coalesce((SELECT json_agg(json_build_object('examId', e.id, 'modality', e.modality, 'shiftedDate', e."shiftedDate",
            'isComplete', CASE WHEN e.modality = 'xray'
              THEN EXISTS (SELECT 1 FROM "Instance" i JOIN "XraySide" x ON x."instanceId" = i.id WHERE i."examId" = e.id)
              ELSE EXISTS (SELECT 1 FROM "Series" s WHERE s."examId" = e.id AND s.gradable) END))
            FROM "Exam" e WHERE e."patientId" = p.id), '[]'::json) AS exams
        FROM "SplitAllocation" a JOIN "Patient" p ON p.id = a."patientId"
        WHERE a."studyId" = ${studyId}::uuid AND p."withdrawnAt" IS NULL
        ORDER BY p."patientCode"`
      return z.array(RosterRow).parse(rows)
    },

    async activeReaders(studyId: string) {
      const members = await wall.member.findMany({
        where: { studyId, role: 'reader', endedAt: null },
        orderBy: { readerCode: 'asc' },
      })
      return members.flatMap(({ id, readerGroup, readerCode }) =>
        readerGroup !== null && readerCode !== null ? [{ memberId: id, readerGroup, readerCode }] : [],
      )
    },

    async held(studyId: string, round: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT a."memberId", m."readerGroup", a."patientId", a.modality
        FROM "Assignment" a JOIN "Member" m ON m.id = a."memberId"
        LEFT JOIN "Reading" r ON r."assignmentId" = a.id
        WHERE a."studyId" = ${studyId}::uuid AND a.round = ${round} AND (m."endedAt" IS NULL OR r."signedAt" IS NOT NULL)`
      return z
        .array(z.object({ memberId: z.uuid(), readerGroup: z.string(), patientId: z.uuid(), modality: Modality }))
        .parse(rows)
    },

    async lastPosition(memberId: string, round: string) {
      const { _max } = await wall.assignment.aggregate({ where: { memberId, round }, _max: { position: true } })
      return _max.position ?? 0
    },

    async orderSeed(memberId: string, round: string) {
      const order = await wall.readingOrder.findUnique({ where: { memberId_round: { memberId, round } } })
      return order?.seed
    },

    async putOrder(order: {
      studyId: string
      memberId: string
      round: string
      seed: string
      algorithmVersion: string
      achieved: { wanted: number; achieved: number | null }
    }) {
      await wall.readingOrder.create({ data: order })
    },

    async append(studyId: string, round: string, assignments: readonly NewAssignment[]) {
      for (let from = 0; from < assignments.length; from += AT_ONCE) {
        const data = assignments.slice(from, from + AT_ONCE).map((assignment) => ({ ...assignment, studyId, round }))
        await wall.assignment.createMany({ data })
      }
    },

    async progress(studyId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT m."readerCode", m."readerGroup", m."endedAt" IS NULL AS "isActive",
          count(a.id)::int AS assigned,
          count(r."signedAt")::int AS signed,
          count(r.id) FILTER (WHERE r."signedAt" IS NULL)::int AS drafts,
          count(a."returnedAt")::int AS returned,
          coalesce(sum(r."answeredCells"), 0)::int AS "answeredCells",
          coalesce(sum(r."requiredCells"), 0)::int AS "requiredCells"
        FROM "Member" m
        LEFT JOIN "Assignment" a ON a."memberId" = m.id
        LEFT JOIN "Reading" r ON r."assignmentId" = a.id
        WHERE m."studyId" = ${studyId}::uuid AND m.role = 'reader'
        GROUP BY m.id ORDER BY m."readerCode"`
      return z.array(ProgressRow).parse(rows)
    },

    async mine(memberId: string, page: { after: number; take: number }) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT a.id AS "assignmentId", a.position, a.modality,
          CASE WHEN r."signedAt" IS NOT NULL THEN 'signed' WHEN a."returnedAt" IS NOT NULL THEN 'returned'
            WHEN r.id IS NOT NULL THEN 'draft' ELSE 'new' END AS state,
          coalesce(r."answeredCells", 0) AS answered, r."requiredCells" AS required,
          (SELECT n.document FROM "LevelNumbering" n WHERE n."patientId" = a."patientId" ORDER BY n.version DESC LIMIT 1) AS numbering
        FROM "Assignment" a LEFT JOIN "Reading" r ON r."assignmentId" = a.id
        WHERE a."memberId" = ${memberId}::uuid AND a.position > ${page.after}
        ORDER BY a.position LIMIT ${page.take}`
      return z.array(OwnRow).parse(rows)
    },

    async myCounts(memberId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT count(*)::int AS total, count(r."signedAt")::int AS signed, count(a."returnedAt")::int AS returned
        FROM "Assignment" a LEFT JOIN "Reading" r ON r."assignmentId" = a.id WHERE a."memberId" = ${memberId}::uuid`
      return z.object({ total: z.int(), signed: z.int(), returned: z.int() }).parse(rows[0])
    },

    async markReturned(assignmentId: string, why: { reason: string; note: string | null }) {
      const count = await wall.$executeRaw`
        UPDATE "Assignment" a SET "returnedAt" = now(), "returnReason" = ${why.reason}, "returnNote" = ${why.note}
        WHERE a.id = ${assignmentId}::uuid AND a."returnedAt" IS NULL
          AND NOT EXISTS (SELECT 1 FROM "Reading" r WHERE r."assignmentId" = a.id AND r."signedAt" IS NOT NULL)`
      return count === 1
    },

    async returnedCases(studyId: string, page: { after: string | undefined; take: number }) {
      const after = page.after === undefined ? Prisma.empty : Prisma.sql`AND a.id > ${page.after}::uuid`
      const rows = await wall.$queryRaw<{ returnedAt: Date }[]>`
        SELECT a.id AS "assignmentId", a."patientId", p."patientCode", p."enrolmentNumber", a.modality, m."readerCode",
          a."returnedAt", a."returnReason" AS reason, a."returnNote" AS note
        FROM "Assignment" a JOIN "Patient" p ON p.id = a."patientId" JOIN "Member" m ON m.id = a."memberId"
        WHERE a."studyId" = ${studyId}::uuid AND a."returnedAt" IS NOT NULL ${after}
        ORDER BY a.id LIMIT ${page.take}`
      return rows.map((row) => ReturnedRow.parse({ ...row, returnedAt: row.returnedAt.toISOString() }))
    },

    async clearReturn(studyId: string, assignmentId: string) {
      const { count } = await wall.assignment.updateMany({
        where: { id: assignmentId, studyId, returnedAt: { not: null } },
        data: { returnedAt: null, returnReason: null, returnNote: null },
      })
      return count === 1
    },
  }
}

const ReturnedRow = z.object({
  assignmentId: z.uuid(),
  patientId: z.uuid(),
  patientCode: z.string(),
  enrolmentNumber: z.int(),
  modality: Modality,
  readerCode: z.string(),
  returnedAt: z.string(),
  reason: z.string(),
  note: z.string().nullable(),
})
