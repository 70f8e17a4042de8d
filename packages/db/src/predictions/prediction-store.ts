import { CellKey } from '@facetgrade/grading/cell'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import { JointPoint } from '@facetgrade/grading/points'
import { PredictionOutput } from '@facetgrade/grading/prediction'
import { z } from 'zod'
import type { Json } from '../audit.ts'
import { caseStore } from '../cases/case-store.ts'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

type RecordKey = { studyId: string; modelHash: string; preprocessingVersion: string; inputHash: string }
type NewRecord = Readonly<
  RecordKey & {
    examId: string
    patientId: string
    modality: Modality
    runId: string
    modelId: string
    executionProvider: string
    versions: Readonly<Record<string, string>>
    elapsedMs: number
  }
>
type CellPrediction = { readonly cell: CellKey; readonly output: PredictionOutput }

const Time = z.date().transform((at) => at.toISOString())
const Cell = z
  .object({ level: z.string(), side: z.string(), feature: z.string() })
  .transform((cell) => CellKey.parse(cell))
const RecordRow = z.strictObject({
  recordId: z.uuid(),
  examId: z.uuid(),
  patientCode: z.string(),
  modality: Modality,
  modelHash: z.string(),
  inputHash: z.string(),
  pointSetVersion: z.int().nullable(),
  executionProvider: z.string(),
  versions: z.record(z.string(), z.string()),
  elapsedMs: z.int(),
  createdAt: Time,
  graded: z.int(),
  abstained: z.int(),
})
const PartRow = z.object({
  patientId: z.uuid(),
  patientCode: z.string(),
  examId: z.uuid(),
  modality: Modality,
  inputHash: z.string(),
  output: PredictionOutput,
})
const ProposalRow = z.strictObject({
  proposalId: z.uuid(),
  examId: z.uuid(),
  patientCode: z.string(),
  modality: Modality,
  modelHash: z.string(),
  executionProvider: z.string(),
  createdAt: Time,
  publishedVersion: z.int().nullable(),
})
/** What PointSet.document holds of points; the rest is its owner's. */
const PublishedPoints = z.object({ points: z.array(JointPoint) })

/** Later computations of the same exam by the same model: on other points, or after the images were completed. */
const IS_LATEST = Prisma.sql`NOT EXISTS (SELECT FROM "InferenceRecord" later
  WHERE later."studyId" = r."studyId" AND later."modelHash" = r."modelHash" AND later."examId" = r."examId" AND later.id > r.id)`
const PROPOSAL = Prisma.sql`q.id AS "proposalId", q."examId", p."patientCode", q.modality, q."modelHash",
  q."executionProvider", q."createdAt",
  (SELECT max(t.version) FROM "PointSet" t WHERE t."examId" = q."examId") AS "publishedVersion"`

export function predictionStore(wall: Wall) {
  const records = async (where: Prisma.Sql) =>
    z.array(RecordRow).parse(
      await wall.$queryRaw`
        SELECT r.id AS "recordId", r."examId", p."patientCode", r.modality, r."modelHash", r."inputHash",
          r."pointSetVersion", r."executionProvider", r.versions, r."elapsedMs", r."createdAt",
          (SELECT count(*) FROM "Prediction" c WHERE c."recordId" = r.id AND c.output ->> 'kind' = 'graded')::int AS graded,
          (SELECT count(*) FROM "Prediction" c WHERE c."recordId" = r.id AND c.output ->> 'kind' = 'abstained')::int AS abstained
        FROM "InferenceRecord" r JOIN "Patient" p ON p.id = r."patientId" WHERE ${where}`,
    )
  return {
    async examInput(examId: string) {
      const exam = await wall.exam.findUnique({ where: { id: examId } })
      if (!exam) return undefined
      const cases = caseStore(wall)
      const points = await wall.pointSet.findFirst({ where: { examId }, orderBy: { version: 'desc' } })
      const numbering = await wall.levelNumbering.findFirst({
        where: { patientId: exam.patientId },
        orderBy: { version: 'desc' },
      })
      const images = await wall.instance.findMany({
        where: { examId },
        select: { sopInstanceUid: true, blobHash: true, pixelHash: true },
        orderBy: { sopInstanceUid: 'asc' },
      })
      return {
        studyInstanceUid: exam.studyInstanceUid,
        numbering: numbering ? LevelNumbering.parse(numbering.document) : null,
        pointSet: points ? { version: points.version, points: PublishedPoints.parse(points.document).points } : null,
        series: await cases.series(examId),
        sides: await cases.sides(examId),
        images: images.map(({ sopInstanceUid, ...image }) => ({ sop: sopInstanceUid, ...image })),
      }
    },
    async isThere({ studyId, modelHash, preprocessingVersion, inputHash }: RecordKey) {
      const where = { studyId, modelHash, preprocessingVersion, inputHash }
      return (await wall.inferenceRecord.count({ where })) > 0
    },
    async put(record: NewRecord & { pointSetVersion: number | null }, predictions: readonly CellPrediction[]) {
      const { versions, ...rest } = record
      // The unique key decides between two workers; the second waits for the first and then writes nothing.
      const [row] = await wall.$queryRaw<{ id: string }[]>`
        INSERT INTO "InferenceRecord" (id, "studyId", "examId", "patientId", modality, "runId", "modelId", "modelHash",
          "preprocessingVersion", "inputHash", "pointSetVersion", "executionProvider", versions, "elapsedMs")
        VALUES (uuidv7(), ${rest.studyId}::uuid, ${rest.examId}::uuid, ${rest.patientId}::uuid, ${rest.modality},
          ${rest.runId}::uuid, ${rest.modelId}::uuid, ${rest.modelHash}, ${rest.preprocessingVersion}, ${rest.inputHash},
          ${rest.pointSetVersion}, ${rest.executionProvider}, ${JSON.stringify(versions)}::jsonb, ${rest.elapsedMs})
        ON CONFLICT DO NOTHING RETURNING id`
      if (!row) return false
      const { studyId, examId, patientId, modality, modelHash, preprocessingVersion, inputHash } = record
      await wall.prediction.createMany({
        data: predictions.map(({ cell, output }) => ({
          studyId,
          examId,
          patientId,
          modality,
          modelHash,
          preprocessingVersion,
          inputHash,
          recordId: row.id,
          level: cell.level,
          side: cell.side,
          feature: cell.feature,
          output,
        })),
      })
      return true
    },
    async isProposed({ studyId, modelHash, preprocessingVersion, inputHash }: RecordKey) {
      const where = { studyId, modelHash, preprocessingVersion, inputHash }
      return (await wall.pointProposal.count({ where })) > 0
    },
    async putProposal({ versions, ...record }: NewRecord, document: Json) {
      const { count } = await wall.pointProposal.createMany({
        data: [{ ...record, versions, document: document as Prisma.InputJsonValue }],
        skipDuplicates: true,
      })
      return count === 1
    },
    async proposals(studyId: string, page: { after: string | undefined; limit: number }) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT ${PROPOSAL} FROM "PointProposal" q JOIN "Patient" p ON p.id = q."patientId" AND p."withdrawnAt" IS NULL
        WHERE q."studyId" = ${studyId}::uuid
          AND NOT EXISTS (SELECT FROM "PointProposal" later WHERE later."studyId" = q."studyId"
            AND later."examId" = q."examId" AND later.id > q.id)
          ${page.after === undefined ? Prisma.empty : Prisma.sql`AND q.id < ${page.after}::uuid`}
        ORDER BY q.id DESC LIMIT ${page.limit}`
      return z.array(ProposalRow).parse(rows)
    },
    async proposal(proposalId: string) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT ${PROPOSAL} FROM "PointProposal" q JOIN "Patient" p ON p.id = q."patientId"
        WHERE q.id = ${proposalId}::uuid`
      if (row === undefined) return undefined
      const { document } = await wall.pointProposal.findUniqueOrThrow({ where: { id: proposalId } })
      return { ...ProposalRow.parse(row), document: document as unknown }
    },
    records: (studyId: string, page: { modelHash: string; after: string | undefined; limit: number }) =>
      records(Prisma.sql`r."studyId" = ${studyId}::uuid AND r."modelHash" = ${page.modelHash} AND ${IS_LATEST}
        ${page.after === undefined ? Prisma.empty : Prisma.sql`AND r.id < ${page.after}::uuid`}
        ORDER BY r.id DESC LIMIT ${page.limit}`),
    async record(recordId: string) {
      const [row] = await records(Prisma.sql`r.id = ${recordId}::uuid`)
      return row
    },
    async cells(recordId: string) {
      const rows = await wall.prediction.findMany({
        where: { recordId },
        orderBy: [{ level: 'asc' }, { side: 'asc' }, { feature: 'asc' }],
      })
      return rows.map((row) => ({ cell: Cell.parse(row), output: PredictionOutput.parse(row.output) }))
    },
    async ofPart({ studyId, part, modelHash }: { studyId: string; part: Part; modelHash: string }) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT r."patientId", p."patientCode", r."examId", r.modality, r."inputHash", c.level, c.side, c.feature, c.output
        FROM "InferenceRecord" r JOIN "Patient" p ON p.id = r."patientId" AND p."withdrawnAt" IS NULL
        JOIN "SplitAllocation" a ON a."patientId" = r."patientId" AND a.part = ${part}
        JOIN "Prediction" c ON c."recordId" = r.id
        WHERE r."studyId" = ${studyId}::uuid AND r."modelHash" = ${modelHash} AND ${IS_LATEST}
        ORDER BY p."patientCode" COLLATE "C", r.modality COLLATE "C", r."examId", c.level, c.side, c.feature`
      return rows.map((row) => ({ ...PartRow.parse(row), cell: Cell.parse(row) }))
    },
  }
}
