import { CriterionAnswer } from '@facetgrade/grading/eligibility'
import { Modality } from '@facetgrade/grading/modality'
import { Part } from '@facetgrade/grading/part'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'
import { STANDING } from './screening-standing.ts'

const Decision = z.enum(['eligible', 'excluded'])
const Standing = z.enum(['not_screened', 'second_look_missing', 'disagreement', 'eligible', 'excluded'])
const Criteria = z.object({ answers: z.record(z.string(), CriterionAnswer), codes: z.array(z.string()) })

const ListRow = z.object({
  patientId: z.uuid(),
  patientCode: z.string(),
  enrolmentNumber: z.int(),
  isWithdrawn: z.boolean(),
  modalities: z.array(Modality),
  isNumbered: z.boolean(),
  firstLook: Decision.nullable(),
  secondLook: Decision.nullable(),
  standing: Standing,
})

const LookRow = z
  .object({
    lookId: z.uuid(),
    look: z.enum(['first', 'second']),
    decision: Decision,
    criteria: Criteria,
    note: z.string().nullable(),
    protocolVersion: z.int(),
    signedBy: z.string(),
    signedByName: z.string(),
    signedAt: z.date().transform((at) => at.toISOString()),
  })
  .transform(({ criteria, ...look }) => ({ ...look, ...criteria }))

const SignedRow = z.object({ lookId: z.uuid(), signedAt: z.date().transform((at) => at.toISOString()) })

const FlowRow = z.object({
  standing: Standing,
  codes: z.array(z.string()),
  part: Part.nullable(),
  isWithdrawn: z.boolean(),
  isRead: z.boolean(),
  isAnalysed: z.boolean(),
  patients: z.int(),
})

const IS_NUMBERED = Prisma.sql`EXISTS (SELECT 1 FROM "LevelNumbering" n WHERE n."patientId" = p.id)`
const standing = Prisma.sql`coalesce(l.standing, 'not_screened')`
/** The latest decision of this look; a second look counts only for the first look it followed. */
const SECOND = Prisma.sql`CASE WHEN l.look = 'second' THEN l.decision END`
const FIRST = Prisma.sql`(SELECT f.decision FROM "Screening" f WHERE f."patientId" = p.id AND f.look = 'first'
  ORDER BY f."signedAt" DESC, f.id DESC LIMIT 1)`

type NewLook = {
  studyId: string
  patientId: string
  look: 'first' | 'second'
  decision: 'eligible' | 'excluded'
  answers: Readonly<Record<string, CriterionAnswer>>
  codes: readonly string[]
  method: string
  note: string | null
  protocolVersion: number
  signedBy: string
}

export function screeningStore(wall: Wall) {
  const rows = async (studyId: string, rest: Prisma.Sql) =>
    z.array(ListRow).parse(
      await wall.$queryRaw<unknown[]>`
        SELECT p.id AS "patientId", p."patientCode", p."enrolmentNumber", p."withdrawnAt" IS NOT NULL AS "isWithdrawn",
          coalesce((SELECT json_agg(DISTINCT e.modality) FROM "Exam" e WHERE e."patientId" = p.id), '[]'::json) AS modalities,
          ${IS_NUMBERED} AS "isNumbered", ${FIRST} AS "firstLook", ${SECOND} AS "secondLook", ${standing} AS standing
        FROM "Patient" p ${STANDING} WHERE p."studyId" = ${studyId}::uuid ${rest}`,
    )
  return {
    list(page: { studyId: string; after: string | undefined; take: number; open: boolean }) {
      const after = page.after === undefined ? Prisma.empty : Prisma.sql`AND p.id > ${page.after}::uuid`
      const open = page.open
        ? Prisma.sql`AND p."withdrawnAt" IS NULL AND ${standing} <> 'excluded'
            AND (${standing} <> 'eligible' OR NOT ${IS_NUMBERED})`
        : Prisma.empty
      return rows(page.studyId, Prisma.sql`${after} ${open} ORDER BY p.id LIMIT ${page.take}`)
    },

    async find(studyId: string, patientId: string) {
      return (await rows(studyId, Prisma.sql`AND p.id = ${patientId}::uuid`))[0]
    },

    async looks(patientId: string) {
      const found = await wall.$queryRaw<unknown[]>`
        SELECT s.id AS "lookId", s.look, s.decision, s.criteria, s.note, s."protocolVersion", s."signedBy",
          coalesce(u.name, '') AS "signedByName", s."signedAt"
        FROM "Screening" s LEFT JOIN "User" u ON u.id = s."signedBy"
        WHERE s."patientId" = ${patientId}::uuid ORDER BY s."signedAt", s.id`
      return z.array(LookRow).parse(found)
    },

    async gradableModalities(patientId: string) {
      const found = await wall.$queryRaw<unknown[]>`
        SELECT DISTINCT e.modality FROM "Exam" e JOIN "Series" s ON s."examId" = e.id AND s.gradable
        WHERE e."patientId" = ${patientId}::uuid`
      return z
        .array(z.object({ modality: Modality }))
        .parse(found)
        .map(({ modality }) => modality)
    },

    async append({ studyId, patientId, look, decision, answers, codes, method, ...rest }: NewLook) {
      const criteria = JSON.stringify({ answers, codes, method })
      const [row] = await wall.$queryRaw<unknown[]>`
        INSERT INTO "Screening" (id, "studyId", "patientId", look, decision, criteria, note, "protocolVersion", "signedBy", "signedAt")
        VALUES (uuidv7(), ${studyId}::uuid, ${patientId}::uuid, ${look}, ${decision}, ${criteria}::jsonb, ${rest.note},
          ${rest.protocolVersion}, ${rest.signedBy}, now())
        RETURNING id AS "lookId", "signedAt"`
      return SignedRow.parse(row)
    },

    async isSealed(studyId: string) {
      return (await wall.splitSeal.count({ where: { studyId } })) > 0
    },

    /**
     * Read: of every modality with a complete exam, each group that the protocol names has its number of signatures.
     * Analysed: has a cell in the latest version of the reference.
     */
    async flowGroups(
      studyId: string,
      at: {
        round: string
        wanted: readonly { modality: string; part: string; readerGroup: string; readers: number }[]
      },
    ) {
      const found = await wall.$queryRaw<unknown[]>`
        WITH wanted AS (SELECT * FROM json_to_recordset(${JSON.stringify(at.wanted)}::json)
            AS w(modality text, part text, "readerGroup" text, readers int)),
          complete AS (SELECT DISTINCT e."patientId", e.modality FROM "Exam" e WHERE e."studyId" = ${studyId}::uuid
            AND CASE WHEN e.modality = 'xray'
              THEN EXISTS (SELECT 1 FROM "Instance" i JOIN "XraySide" x ON x."instanceId" = i.id WHERE i."examId" = e.id)
              ELSE EXISTS (SELECT 1 FROM "Series" s WHERE s."examId" = e.id AND s.gradable) END),
          signed AS (SELECT r."patientId", r.modality, m."readerGroup", count(*) AS readings
            FROM "Reading" r JOIN "Assignment" a ON a.id = r."assignmentId" AND a.round = ${at.round}
            JOIN "Member" m ON m.id = r."memberId"
            WHERE r."studyId" = ${studyId}::uuid AND r."signedAt" IS NOT NULL GROUP BY 1, 2, 3),
          due AS (SELECT c."patientId", bool_and(coalesce(s.readings, 0) >= w.readers) AS "isRead"
            FROM complete c JOIN "SplitAllocation" a ON a."patientId" = c."patientId"
            JOIN wanted w ON w.modality = c.modality AND w.part = a.part
            LEFT JOIN signed s ON s."patientId" = c."patientId" AND s.modality = c.modality AND s."readerGroup" = w."readerGroup"
            GROUP BY 1),
          referred AS (SELECT DISTINCT c."patientId" FROM "ReferenceCell" c WHERE c."referenceId" =
            (SELECT v.id FROM "ReferenceVersion" v WHERE v."studyId" = ${studyId}::uuid ORDER BY v.version DESC LIMIT 1))
        SELECT ${standing} AS standing, coalesce(l.criteria->'codes', '[]'::jsonb) AS codes, a.part,
          p."withdrawnAt" IS NOT NULL AS "isWithdrawn", coalesce(d."isRead", false) AS "isRead",
          r."patientId" IS NOT NULL AS "isAnalysed", count(*)::int AS patients
        FROM "Patient" p ${STANDING}
        LEFT JOIN "SplitAllocation" a ON a."patientId" = p.id
        LEFT JOIN due d ON d."patientId" = p.id LEFT JOIN referred r ON r."patientId" = p.id
        WHERE p."studyId" = ${studyId}::uuid GROUP BY 1, 2, 3, 4, 5, 6`
      return z.array(FlowRow).parse(found)
    },
  }
}
