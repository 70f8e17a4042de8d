import { CellKey, CellValue } from '@facetgrade/grading/cell'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { Part } from '@facetgrade/grading/part'
import { ReaderCode } from '@facetgrade/grading/role'
import { z } from 'zod'
import type { Json } from '../audit.ts'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

type Group = { readonly studyId: string; readonly readerGroup: string; readonly round: string }
type NewEvaluation = {
  readonly studyId: string
  readonly planId: string
  readonly unsealingId: string
  readonly referenceId: string
  readonly inputs: Json
  readonly inputHash: string
  readonly results: Json
  readonly resultHash: string
  readonly createdBy: string
}

const SummaryRow = z.strictObject({
  evaluationId: z.uuid(),
  planVersion: z.int(),
  unsealingOrdinal: z.int(),
  referenceVersion: z.int(),
  inputHash: z.string(),
  resultHash: z.string(),
  createdBy: z.string(),
  createdAt: z.date().transform((at) => at.toISOString()),
  isStale: z.boolean(),
})
const GroupRow = z.strictObject({
  readerGroup: z.string(),
  cases: z.int(),
  settled: z.int(),
  adjudicationOpen: z.int(),
})
const CaseRow = z
  .strictObject({ patientCode: z.string(), modality: Modality, document: LevelNumbering })
  .transform(({ document, ...row }) => ({ ...row, lumbarVertebrae: document.lumbarVertebrae }))
const CellRow = z
  .object({
    patientCode: z.string(),
    modality: Modality,
    level: z.string(),
    side: z.string(),
    feature: z.string(),
    value: CellValue,
  })
  .transform(({ patientCode, modality, level, side, feature, value }) => ({
    patientCode,
    modality,
    cell: CellKey.parse({ level, side, feature }),
    value,
  }))
const OriginRow = z.looseObject({ consensusId: z.uuid(), origin: z.enum(['agreed', 'adjudicated']) })
const PartRow = z.looseObject({ part: Part })
const OffsetsRow = z.strictObject({
  readerCode: ReaderCode,
  readerGroup: z.string(),
  modality: Modality,
  position: z.int(),
  offsetsMs: z.array(z.int()),
})
const RosterRow = z.strictObject({
  patientCode: z.string(),
  part: Part,
  sex: z.string().nullable(),
  ageYears: z.int().nullable(),
  site: z.string().nullable(),
  clinical: z.record(z.string(), z.unknown()),
  modalities: z.array(Modality),
})
const ExamRow = z.strictObject({
  patientCode: z.string(),
  modality: Modality,
  examId: z.uuid(),
  scanner: z.string().nullable(),
  sliceThicknessMm: z.number().nullable(),
})
const ReaderRow = z.looseObject({ readerCode: ReaderCode, signatureId: z.uuid() })

/** Patients of the test part who have not been withdrawn. */
const TEST_PATIENT = Prisma.sql`JOIN "Patient" p ON p.id = source."patientId" AND p."withdrawnAt" IS NULL
  JOIN "SplitAllocation" part ON part."patientId" = p.id AND part.part = 'test'`
/** A signature of a reading `r` that no unlock has taken back. */
const STANDING = Prisma.sql`"Signature" s ON s."readingId" = r.id
  AND NOT EXISTS (SELECT FROM "Unlock" u WHERE u."signatureId" = s.id)`

export function evaluationStore(wall: Wall) {
  const list = async (where: Prisma.Sql) => {
    const rows = await wall.$queryRaw`
      SELECT e.id AS "evaluationId", p.version AS "planVersion", u.ordinal AS "unsealingOrdinal",
        r.version AS "referenceVersion", e."inputHash", e."resultHash", e."createdBy", e."createdAt",
        EXISTS (SELECT FROM "Consensus" c WHERE c."supersededAt" IS NOT NULL AND (c.id = ANY (r."consensusIds")
            OR c.id IN (SELECT id::uuid FROM jsonb_array_elements_text(e.inputs -> 'consensusIds') id)))
          OR EXISTS (SELECT FROM "Unlock" k
            WHERE k."signatureId" IN (SELECT id::uuid FROM jsonb_array_elements_text(e.inputs -> 'signatureIds') id))
          AS "isStale"
      FROM "Evaluation" e JOIN "AnalysisPlan" p ON p.id = e."planId" JOIN "Unsealing" u ON u.id = e."unsealingId"
      JOIN "ReferenceVersion" r ON r.id = e."referenceId" WHERE ${where} ORDER BY e."createdAt" DESC, e.id DESC`
    return z.array(SummaryRow).parse(rows)
  }
  return {
    async testCases({ studyId, round }: { studyId: string; round: string }) {
      const rows = await wall.$queryRaw`
        SELECT p."patientCode", source.modality, n.document
        FROM (SELECT DISTINCT "patientId", modality FROM "Assignment"
          WHERE "studyId" = ${studyId}::uuid AND round = ${round}) source ${TEST_PATIENT}
        JOIN LATERAL (SELECT document FROM "LevelNumbering" WHERE "patientId" = p.id ORDER BY version DESC LIMIT 1) n ON true
        ORDER BY p."patientCode" COLLATE "C", source.modality COLLATE "C"`
      return z.array(CaseRow).parse(rows)
    },
    async referenceCases({ referenceId, part }: { referenceId: string; part: Part }) {
      const rows = await wall.$queryRaw`
        SELECT p."patientCode", source.modality, n.document
        FROM (SELECT DISTINCT "patientId", modality FROM "ReferenceCell" WHERE "referenceId" = ${referenceId}::uuid) source
        JOIN "Patient" p ON p.id = source."patientId" AND p."withdrawnAt" IS NULL
        JOIN "SplitAllocation" part ON part."patientId" = p.id AND part.part = ${part}
        JOIN LATERAL (SELECT document FROM "LevelNumbering" WHERE "patientId" = p.id ORDER BY version DESC LIMIT 1) n ON true
        ORDER BY p."patientCode" COLLATE "C", source.modality COLLATE "C"`
      return z.array(CaseRow).parse(rows)
    },
    async readerCodes({ studyId, readerGroup, round }: Group) {
      const rows = await wall.$queryRaw<{ readerCode: string }[]>`
        SELECT m."readerCode" FROM "Member" m WHERE m."studyId" = ${studyId}::uuid AND m."readerGroup" = ${readerGroup}
          AND EXISTS (SELECT FROM "Assignment" a WHERE a."memberId" = m.id AND a.round = ${round})
        ORDER BY m."readerCode" COLLATE "C"`
      return rows.map(({ readerCode }) => ReaderCode.parse(readerCode))
    },
    async signedAnswers({ studyId, readerGroup, round }: Group) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT DISTINCT ON (e."readingId", e.level, e.side, e.feature)
          m."readerCode", s.id AS "signatureId", p."patientCode", source.modality, e.level, e.side, e.feature, e.value
        FROM "Assignment" source ${TEST_PATIENT}
        JOIN "Member" m ON m.id = source."memberId" AND m."readerGroup" = ${readerGroup}
        JOIN "Reading" r ON r."assignmentId" = source.id
        JOIN ${STANDING}
        JOIN "GradeEvent" e ON e."readingId" = r.id
        WHERE source."studyId" = ${studyId}::uuid AND source.round = ${round}
        ORDER BY e."readingId", e.level, e.side, e.feature, e.sequence DESC`
      const readers = z.array(ReaderRow).parse(rows)
      return {
        signatureIds: [...new Set(readers.map(({ signatureId }) => signatureId))],
        cells: rows.map((row) => ({ ...CellRow.parse(row), readerCode: ReaderRow.parse(row).readerCode })),
      }
    },
    async consensusAnswers({ studyId, readerGroup, round }: Group) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT source.id AS "consensusId", p."patientCode", source.modality, cell.level, cell.side, cell.feature, cell.value,
          cell.origin
        FROM "Consensus" source ${TEST_PATIENT}
        JOIN "ConsensusCell" cell ON cell."consensusId" = source.id
        WHERE source."studyId" = ${studyId}::uuid AND source."readerGroup" = ${readerGroup} AND source.round = ${round}
          AND source."supersededAt" IS NULL AND source."completedAt" IS NOT NULL`
      const settled = z.array(OriginRow).parse(rows)
      return {
        consensusIds: [...new Set(settled.map(({ consensusId }) => consensusId))],
        cells: z
          .array(CellRow)
          .parse(rows)
          .map((cell, i) => ({ ...cell, isAdjudicated: settled[i]?.origin === 'adjudicated' })),
      }
    },
    async referenceAnswers({ referenceId, part }: { referenceId: string; part: Part | null }) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT p."patientCode", source.modality, source.level, source.side, source.feature, source.value, part.part
        FROM "ReferenceCell" source
        JOIN "Patient" p ON p.id = source."patientId" AND p."withdrawnAt" IS NULL
        JOIN "SplitAllocation" part ON part."patientId" = p.id
        WHERE source."referenceId" = ${referenceId}::uuid
          ${part === null ? Prisma.empty : Prisma.sql`AND part.part = ${part}`}`
      const parts = z.array(PartRow).parse(rows)
      return z
        .array(CellRow)
        .parse(rows)
        .map((cell, i) => ({ ...cell, part: (parts[i] as z.infer<typeof PartRow>).part }))
    },
    async readingOffsets({ studyId, round }: { studyId: string; round: string }) {
      const rows = await wall.$queryRaw`
        SELECT m."readerCode", m."readerGroup", source.modality, source.position,
          array_agg(e."clientOffsetMs" ORDER BY e.sequence) AS "offsetsMs"
        FROM "Assignment" source
        JOIN "Patient" p ON p.id = source."patientId" AND p."withdrawnAt" IS NULL
        JOIN "Member" m ON m.id = source."memberId"
        JOIN "Reading" r ON r."assignmentId" = source.id
        JOIN ${STANDING}
        JOIN "GradeEvent" e ON e."readingId" = r.id
        WHERE source."studyId" = ${studyId}::uuid AND source.round = ${round}
        GROUP BY r.id, m."readerCode", m."readerGroup", source.modality, source.position
        ORDER BY m."readerCode" COLLATE "C", source.modality COLLATE "C", source.position`
      return z.array(OffsetsRow).parse(rows)
    },
    async roster(studyId: string) {
      const rows = await wall.$queryRaw`
        SELECT p."patientCode", part.part, p.sex, p."ageYears", p.site, p.clinical,
          array(SELECT DISTINCT e.modality FROM "Exam" e WHERE e."patientId" = p.id ORDER BY 1) AS modalities
        FROM "Patient" p JOIN "SplitAllocation" part ON part."patientId" = p.id
        WHERE p."studyId" = ${studyId}::uuid AND p."withdrawnAt" IS NULL ORDER BY p."patientCode" COLLATE "C"`
      return z.array(RosterRow).parse(rows)
    },
    /** The commonest maker and slice thickness of the exam's images: localisers and reformats are few. */
    async examFacts({ studyId, round }: { studyId: string; round: string }) {
      const rows = await wall.$queryRaw`
        SELECT p."patientCode", source.modality, source."examId",
          (SELECT mode() WITHIN GROUP (ORDER BY i.header ->> 'manufacturer') FROM "Instance" i
            WHERE i."examId" = source."examId") AS scanner,
          (SELECT mode() WITHIN GROUP (ORDER BY (i.header -> 'frames' -> 0 ->> 'sliceThicknessMm')::float8)
            FROM "Instance" i WHERE i."examId" = source."examId") AS "sliceThicknessMm"
        FROM (SELECT DISTINCT ON ("patientId", modality) "patientId", modality, "examId" FROM "Assignment"
          WHERE "studyId" = ${studyId}::uuid AND round = ${round} ORDER BY "patientId", modality, id) source ${TEST_PATIENT}`
      return z.array(ExamRow).parse(rows)
    },
    async openAdjudications({ studyId, round }: { studyId: string; round: string }) {
      const [row] = await wall.$queryRaw<{ open: number }[]>`
        SELECT count(*)::int AS open FROM "Consensus" source ${TEST_PATIENT}
        WHERE source."studyId" = ${studyId}::uuid AND source.round = ${round}
          AND source."supersededAt" IS NULL AND source."completedAt" IS NULL`
      return row?.open ?? 0
    },
    async create(next: NewEvaluation) {
      const evaluationId = crypto.randomUUID()
      await wall.$executeRaw`
        INSERT INTO "Evaluation" (id, "studyId", "planId", "unsealingId", "referenceId", inputs, "inputHash", results,
          "resultHash", "createdBy", "createdAt")
        VALUES (${evaluationId}::uuid, ${next.studyId}::uuid, ${next.planId}::uuid, ${next.unsealingId}::uuid,
          ${next.referenceId}::uuid, ${JSON.stringify(next.inputs)}::jsonb, ${next.inputHash},
          ${JSON.stringify(next.results)}::jsonb, ${next.resultHash}, ${next.createdBy}, now())`
      const [created] = await list(Prisma.sql`e.id = ${evaluationId}::uuid`)
      if (!created) throw new Error('evaluation was not written')
      return created
    },
    list: (studyId: string) => list(Prisma.sql`e."studyId" = ${studyId}::uuid`),
    async find(evaluationId: string) {
      const [summary] = await list(Prisma.sql`e.id = ${evaluationId}::uuid`)
      if (!summary) return undefined
      const { inputs, results } = await wall.evaluation.findUniqueOrThrow({ where: { id: evaluationId } })
      return { ...summary, inputs: inputs as unknown, results: results as unknown }
    },
    async progress({ studyId, round }: { studyId: string; round: string }) {
      const rows = await wall.$queryRaw`
        SELECT given."readerGroup", count(*)::int AS cases, count(c."completedAt")::int AS settled,
          count(*) FILTER (WHERE c.id IS NOT NULL AND c."completedAt" IS NULL)::int AS "adjudicationOpen"
        FROM (SELECT DISTINCT m."readerGroup", a."patientId", a.modality FROM "Assignment" a
          JOIN "Member" m ON m.id = a."memberId" JOIN "Patient" p ON p.id = a."patientId" AND p."withdrawnAt" IS NULL
          WHERE a."studyId" = ${studyId}::uuid AND a.round = ${round}) given
        LEFT JOIN "Consensus" c ON c."studyId" = ${studyId}::uuid AND c."readerGroup" = given."readerGroup"
          AND c.round = ${round} AND c."patientId" = given."patientId" AND c.modality = given.modality
          AND c."supersededAt" IS NULL
        GROUP BY given."readerGroup" ORDER BY given."readerGroup"`
      return z.array(GroupRow).parse(rows)
    },
  }
}
